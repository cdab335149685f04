// Package retell writes what a case sent as commands for a POSIX shell: each
// request signed afresh by harness sign and sent by curl. A command stands there
// only where signing at the time of the request gives the very request that was
// sent; where none can do that, the script says what is in the way.
package retell

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"objectharness/internal/exchange"
	"objectharness/internal/siglab"
	"objectharness/internal/wire"
)

// A Place is the target as it was asked, and where it is asked again.
type Place struct {
	URL, Connect string // scheme and authority of the endpoint; HOST:PORT that was dialled instead, or ""
	// At is the HOST:PORT where the same is served next time; "" where the target
	// stays where it is.
	At       string
	Way      siglab.Way // of curl; its Connect is found out
	Accounts []Account
	Bucket   Request // what makes the bucket of the run; no Request where it is not the run's
}

// A Request is one that was built, and its body.
type Request struct {
	*wire.Request
	Body []byte
}

// An Account signs requests with what its variables hold.
type Account struct {
	AccessKey, SecretKey, Token string
	Variables                   [3]string // names of those that hold the three; "" for none
}

// usual are the variables that harness sign reads.
var usual = [3]string{"HARNESS_ACCESS_KEY", "HARNESS_SECRET_KEY", "HARNESS_SECURITY_TOKEN"}

// Script writes the requests of a case in their order, after the one that makes
// the bucket. Values that a reply gave and a later request takes (upload ids,
// version ids, entity tags, times) are taken from the new reply.
func (p *Place) Script(all []exchange.Exchange, now time.Time) string {
	var w writer
	w.place = p
	w.find(all)
	if b := p.Bucket; b.Request != nil {
		made := exchange.Exchange{Step: "the bucket of the run", Began: now, Request: exchange.Message{Method: b.Method, Target: b.Target, Fields: b.Fields, Body: b.Body, Length: int64(len(b.Body))}}
		w.write(&made, -1)
	}
	for i := range all {
		w.write(&all[i], i)
	}
	return w.text()
}

// A writer grows the script.
type writer struct {
	place *Place
	lines []string
	step  string
	taken []taken
	fails []string // what cannot be said

	escaped []string // values that replies gave and later requests hold in another form
}

func (w *writer) text() string {
	lines := w.lines
	if len(w.fails) > 0 {
		lines = append([]string{"# Not all of it can be said to a shell; the line that runs the case again does it."}, lines...)
	}
	text := strings.Join(lines, "\n")
	if p := w.place; p.At != "" && p.Connect == "" {
		text = strings.ReplaceAll(text, strings.TrimPrefix(p.URL, "http://"), p.At)
	}
	for _, a := range w.place.Accounts {
		if len(a.SecretKey) >= 4 { // where a bucket has the same name
			text = exchange.Substitute(text, a.SecretKey, a.Variables[1])
		}
	}
	return text
}

// write adds the request of one exchange and the lines that take values from its
// reply.
func (w *writer) write(x *exchange.Exchange, at int) {
	if x.Step != w.step {
		w.lines, w.step = append(w.lines, "# "+strings.ReplaceAll(x.Step, "\n", " ")), x.Step
	}
	if x.Skipped > 0 {
		w.fail(fmt.Sprintf("%d requests are not in the evidence", x.Skipped))
	}
	line, why := w.command(x)
	if why != "" {
		w.fail(x.Request.Method + " " + short(x.Request.Target) + ": " + why)
		return
	}
	line, hashed := w.filled(line, at)
	if hashed && digested(&x.Request) {
		w.fail(x.Request.Method + " " + short(x.Request.Target) + ": a field holds the digest of a body that holds what an earlier reply gave")
		return
	}
	if reads := w.reads(at); len(reads) > 0 {
		w.lines = append(append(w.lines, line+" | tee reply.txt"), reads...)
		return
	}
	w.lines = append(w.lines, line)
}

// filled is a line with variables in the place of what earlier replies gave;
// written tells whether one stands in the body.
func (w *writer) filled(line string, at int) (full string, written bool) {
	body, _, filled := strings.Cut(line, ">body.bin && ")
	for _, t := range w.taken {
		if t.from < at {
			line = exchange.Substitute(line, t.value, t.name())
			written = written || filled && strings.Contains(body, t.value)
		}
	}
	return line, written
}

// digested tells whether a field holds a digest of the body.
func digested(m *exchange.Message) bool {
	return slices.ContainsFunc(m.Fields, func(f wire.Field) bool {
		name := strings.ToLower(f.Name)
		return name == "content-md5" || strings.Contains(name, "-checksum-")
	})
}

func (w *writer) fail(why string) {
	w.fails = append(w.fails, why)
	w.lines = append(w.lines, "# not here: "+why)
}

func short(target string) string {
	if len(target) > 200 {
		return target[:200] + "…"
	}
	return target
}

// command is the line of one request; why says what it would lack.
func (w *writer) command(x *exchange.Exchange) (line, why string) {
	m := &x.Request
	body, why := whole(m)
	switch {
	case m.Headless:
		why = "it sends its head only, and waits for the reply before the body that it declares"
	case strings.HasPrefix(m.Fields.Get("x-amz-content-sha256"), "STREAMING-"):
		why = "its body is signed chunk by chunk"
	case w.derived(x):
		why = "it names a time that the case worked out from an earlier reply"
	case slices.ContainsFunc(w.escaped, func(e string) bool { return strings.Contains(m.Target, e) }):
		why = "its URL holds, escaped, what an earlier reply gave"
	}
	if why != "" {
		return "", why
	}
	r := &wire.Request{Method: m.Method, Target: m.Target, Fields: m.Fields}
	if scheme := siglab.Spoken(r); scheme != "" {
		return w.signed(x, scheme, body, r)
	}
	return w.unsigned(m)
}

// whole is the body of a request, from what is kept of it.
func whole(m *exchange.Message) (body []byte, why string) {
	switch {
	case m.Headless || m.Length == 0:
		return nil, ""
	case m.Period > 1 && bytes.ContainsAny(m.Body[:m.Period], "\n\x00"):
		return nil, "its body is too long for a shell"
	case m.Period > 0:
		return bytes.Repeat(m.Body[:m.Period], int(m.Length)/m.Period+1)[:m.Length], ""
	case !m.Complete():
		return nil, "its body is not kept in the evidence"
	}
	return m.Body, ""
}

// signed is the line of a signed request.
func (w *writer) signed(x *exchange.Exchange, scheme string, body []byte, r *wire.Request) (line, why string) {
	wrong := siglab.ErrAccount
	for _, a := range w.place.Accounts {
		q := siglab.Ask{Scheme: scheme, URL: w.base(r), Body: body, AccessKey: a.AccessKey, SecretKey: a.SecretKey, Token: a.Token}
		again, err := siglab.Renew(q, r, x.Began)
		if errors.Is(err, siglab.ErrAccount) {
			continue
		}
		if err != nil {
			wrong = err
			continue
		}
		words, why := w.words(again)
		if why != "" {
			return "", why
		}
		if len(body) > 0 {
			words = append(words, "--body-file body.bin")
		}
		line := `eval "$(harness sign ` + strings.Join(words, " ") + ` --curl)"`
		return fill(&x.Request) + a.lent(line), ""
	}
	return "", wrong.Error()
}

// words are the options of harness sign.
func (w *writer) words(a *siglab.Afresh) (words []string, why string) {
	add := func(name, value string) {
		word, ok := exchange.Quote(value)
		if !ok {
			why = "a NUL byte cannot be given on a command line"
		}
		words = append(words, name+" "+word)
	}
	add("--scheme", a.Scheme)
	add("--method", a.Method)
	add("--url", a.URL)
	for _, f := range a.Fields {
		if f.Value != strings.Trim(f.Value, " \t") || f.Name != strings.TrimSpace(f.Name) || strings.ContainsAny(f.Value, "\r\n") {
			why = "curl cannot send its field " + f.Name + " as it is"
		}
		add("-H", f.Name+": "+f.Value)
	}
	if a.Region != "" {
		add("--region", a.Region)
	}
	if a.Presign {
		words = append(words, "--presign")
	}
	if a.Expires < 0 || a.Expires%time.Second != 0 {
		why = "its signature ends before it begins"
	} else if a.Expires != 0 {
		add("--expires", a.Expires.String())
	}
	if a.Shift != 0 {
		add("--time", signedDuration(a.Shift))
	}
	way := w.way(a.URL)
	for _, o := range [][2]string{{"--connect", way.Connect}, {"--ca", way.CA}} {
		if o[1] != "" {
			add(o[0], o[1])
		}
	}
	if way.Insecure {
		words = append(words, "--insecure")
	}
	return words, why
}

// signedDuration is a duration that says its sign.
func signedDuration(d time.Duration) string {
	if d > 0 {
		return "+" + d.String()
	}
	return d.String()
}

// base is scheme and authority of a request: its own host, where it has one.
func (w *writer) base(r *wire.Request) string {
	scheme, _, _ := strings.Cut(w.place.URL, "://")
	if host := r.Fields.Get("Host"); len(r.Fields.Values("Host")) == 1 && plainHost(host) {
		return scheme + "://" + host
	}
	return w.place.URL
}

func plainHost(host string) bool {
	return host != "" && strings.Trim(strings.ToLower(host), "abcdefghijklmnopqrstuvwxyz0123456789.-:[]") == "" && host == strings.ToLower(host)
}

// way is how the server of a URL is reached.
func (w *writer) way(url string) siglab.Way {
	p, way := w.place, w.place.Way
	way.Connect = p.Connect
	switch {
	case p.At != "" && p.Connect != "":
		way.Connect = p.At
	case p.Connect == "" && !strings.HasPrefix(url+"/", p.URL+"/"):
		way.Connect = reached(p.URL)
	}
	return way
}

// reached is HOST:PORT of an endpoint.
func reached(url string) string {
	scheme, host, _ := strings.Cut(url, "://")
	if i := strings.LastIndexByte(host, ':'); i >= 0 && !strings.HasSuffix(host, "]") {
		return host
	}
	return host + map[string]string{"http": ":80", "https": ":443"}[scheme]
}

// lent is a line that harness sign runs with the account's variables.
func (a Account) lent(line string) string {
	if a.Variables == usual {
		return line
	}
	var lend []string
	for i, name := range usual {
		if from := a.Variables[i]; from != "" {
			lend = append(lend, name+`="$`+from+`"`)
		} else {
			lend = append(lend, name+"=")
		}
	}
	return "(export " + strings.Join(lend, " ") + "; " + line + ")"
}

// unsigned is the line of a request without a signature: curl alone.
func (w *writer) unsigned(m *exchange.Message) (line, why string) {
	x := exchange.Exchange{Request: *m}
	base := w.base(&wire.Request{Fields: m.Fields})
	way := w.way(base)
	lines := strings.Split(x.Curl(base, way.Connect), "\n")
	text := 0 // the command begins after the notes
	for text < len(lines) && strings.HasPrefix(lines[text], "# ") {
		if !strings.HasPrefix(lines[text], "# body.bin") {
			return "", strings.TrimPrefix(lines[text], "# ")
		}
		text++
	}
	line = strings.Join(lines[text:], "\n") + way.Options()
	if text > 0 {
		line = fill(m) + line
	}
	return line, ""
}

// fill is the command before a line that writes its body into body.bin.
func fill(m *exchange.Message) string {
	switch {
	case m.Length == 0:
		return ""
	case m.Period == 1:
		return fmt.Sprintf(`head -c %d /dev/zero | tr '\000' '\%03o' >body.bin && `, m.Length, m.Body[0])
	case m.Period > 0:
		return fmt.Sprintf(`yes "$(printf '%s')" | tr -d '\n' | head -c %d >body.bin && `, printf(m.Body[:m.Period]), m.Length)
	}
	return "printf '" + printf(m.Body) + "' >body.bin && "
}

// printf is a format that printf prints as these bytes, for single quotes.
func printf(b []byte) string {
	var out strings.Builder
	for i, c := range b {
		switch {
		case c == '%':
			out.WriteString("%%")
		case c < ' ' || c >= 0x7f || c == '\'' || c == '\\' || c == '-' && i == 0:
			fmt.Fprintf(&out, `\%03o`, c)
		default:
			out.WriteByte(c)
		}
	}
	return out.String()
}
