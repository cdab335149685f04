package retell

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"objectharness/internal/exchange"
	"objectharness/internal/wire"
)

// A taken value is one that a reply gave and a later request holds.
type taken struct {
	value string
	from  int // position of the exchange whose reply gave it
	n     int // number of the shell's variable, from 1
	after string
}

// wide is word with what stands in tokens of listings, too: in a URL it is escaped,
// which a shell does not do.
var wide = regexp.MustCompile(`[A-Za-z0-9_~.+/=:-]{16,}`)

func (t taken) name() string { return fmt.Sprintf("V%d", t.n) }

const (
	takenMax = 12 // values of one script
	context  = 16 // characters before a value by which it is found in the next reply
)

var (
	// A word of so many characters is taken for one that the target made up.
	word  = regexp.MustCompile(`[A-Za-z0-9_~.-]{16,}`)
	clock = regexp.MustCompile(`[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT`)
)

// find finds the values that requests take from earlier replies.
func (w *writer) find(all []exchange.Exchange) {
	asked := ""
	for i := range all {
		asked += requestText(&all[i].Request)
		if all[i].Reply == nil {
			continue
		}
		later := ""
		for j := i + 1; j < len(all); j++ {
			later += requestText(&all[j].Request)
		}
		for _, line := range replyLines(all[i].Reply) {
			w.take(i, line, asked, later)
		}
	}
}

// take finds the values in one line of a reply that no request held before and
// one holds later.
func (w *writer) take(at int, line, asked, later string) {
	for _, kind := range []*regexp.Regexp{clock, word} {
		for _, m := range kind.FindAllStringIndex(line, -1) {
			value := line[m[0]:m[1]]
			known := slices.ContainsFunc(w.taken, func(t taken) bool { return t.value == value })
			if known || len(w.taken) == takenMax || strings.Contains(asked, value) || !strings.Contains(later, value) {
				continue
			}
			w.taken = append(w.taken, taken{value, at, len(w.taken) + 1, line[max(0, m[0]-context):m[0]]})
		}
	}
	for _, value := range wide.FindAllString(line, -1) {
		if e := wire.Escape(value); e != value && !strings.Contains(asked, e) && !strings.Contains(asked, value) && strings.Contains(later, e) {
			w.escaped = append(w.escaped, e)
		}
	}
}

// requestText is all of a request that a value may stand in; what signing sets is
// left out.
func requestText(m *exchange.Message) string {
	text := m.Target
	for _, f := range m.Fields {
		if name := strings.ToLower(f.Name); name != "authorization" && name != "date" && !strings.HasSuffix(name, "-date") {
			text += "\n" + f.Name + ": " + f.Value
		}
	}
	return text + "\n" + string(m.Body) + "\n"
}

// replyLines are the lines of a reply that values are taken from: its fields, but
// for those that differ each time, and its body.
func replyLines(m *exchange.Message) (lines []string) {
	for _, f := range m.Fields {
		if name := strings.ToLower(f.Name); name != "date" && !strings.HasSuffix(name, "request-id") {
			lines = append(lines, f.Name+": "+f.Value)
		}
	}
	return append(lines, strings.Split(string(m.Body), "\n")...)
}

// reads are the lines that take what the reply at a position gives.
func (w *writer) reads(at int) (lines []string) {
	for _, t := range w.taken {
		if t.from != at {
			continue
		}
		class := `[A-Za-z0-9_~.-]*`
		if clock.MatchString(t.value) {
			class = `[^"<]*GMT`
		}
		script, _ := exchange.Quote(`s/.*` + literal(t.after) + `\(` + class + `\).*/\1/p`)
		if t.after == "" {
			script, _ = exchange.Quote(`s/^\(` + class + `\).*/\1/p`)
		}
		lines = append(lines, t.name()+`=$(LC_ALL=C sed -n `+script+` reply.txt | head -n 1)`)
	}
	return lines
}

// literal escapes what means something in a pattern of sed.
func literal(text string) string {
	var out strings.Builder
	for i := range len(text) {
		if strings.IndexByte(`.*[]^$\/`, text[i]) >= 0 {
			out.WriteByte('\\')
		}
		out.WriteByte(text[i])
	}
	return out.String()
}

// derived tells whether a request names a time near its own that no reply gave.
func (w *writer) derived(x *exchange.Exchange) bool {
	for _, value := range clock.FindAllString(requestText(&x.Request), -1) {
		at, err := time.Parse(time.RFC1123, value)
		given := slices.ContainsFunc(w.taken, func(t taken) bool { return t.value == value })
		if d := at.Sub(x.Began); err == nil && !given && d.Abs() < 24*time.Hour {
			return true
		}
	}
	return false
}
