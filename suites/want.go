package suites

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/onsi/gomega"
	"github.com/onsi/gomega/format"
	"github.com/onsi/gomega/types"

	"objectharness/internal/clause"
	"objectharness/internal/client"
)

// A Want is what a reply must be. Zero parts are not looked at.
type Want struct {
	// Clause names the clauses that the want is about, separated by blanks; ""
	// is every clause of the case that no other want of it names.
	Clause string
	Shown  bool   // the reply must be a success (2xx) to say anything: otherwise the case is blocked
	Status int    // a status, or a class: 4 is any 4xx
	Code   string // error code in the body; not looked at where the reply has none by nature (HEAD, 304)
	Fields []FieldWant
	Body   any // string, or a Gomega matcher on the body as string, or func(*Scene) any giving one of these
	// Check sees what the parts above cannot say and returns what is wrong with
	// the reply, one line each (expected, got).
	Check func(*Scene, *client.Reply) []Flaw
	Step  int // position in the clause's Then, from 1, where its accept list tells cases apart
}

// A FieldWant is what one header field must be.
type FieldWant struct {
	Name  string
	Value any // string, Gomega matcher on the value, or func(*Scene) any; Absent for a field that must not be there
}

// A Flaw is one thing wrong with a reply.
type Flaw struct{ Expected, Got string }

type absent struct{}

// Absent says that a field must not be there.
var Absent = absent{}

// Present says that a field must be there with any value but "".
var Present = gomega.Not(gomega.BeEmpty())

// Accepted wants a success status.
func Accepted(status int) Want { return Want{Status: status} }

// Shown wants what is added to it of a successful reply; which success that is,
// and that it is one, is the business of another clause.
func Shown() Want { return Want{Shown: true} }

// Refused wants a refusal with its documented status and code.
func Refused(status int, code string) Want { return Want{Status: status, Code: code} }

// Field returns w with one more field wanted.
func (w Want) Field(name string, value any) Want {
	w.Fields = append(append([]FieldWant(nil), w.Fields...), FieldWant{name, value})
	return w
}

// Of returns w about other clauses than those that nobody names.
func (w Want) Of(clause string) Want { w.Clause = clause; return w }

// Content returns w with the body wanted.
func (w Want) Content(body any) Want { w.Body = body; return w }

// With returns w with a check of its own.
func (w Want) With(check func(*Scene, *client.Reply) []Flaw) Want { w.Check = check; return w }

func (w Want) empty() bool {
	return w.Status == 0 && w.Code == "" && len(w.Fields) == 0 && w.Body == nil && w.Check == nil
}

// judge compares a reply with the want and says what is broken. effect marks a
// look at the store after the request: what breaks there is an effect.
func (w Want) judge(s *Scene, r *client.Reply, effect bool) []clause.Broken {
	j := judge{scene: s, reply: r, want: w, effect: effect}
	j.clauses = s.Case.about(w)
	if w.Shown && r.Status/100 != 2 {
		s.Block("%s %s answered %s, want success", r.Request.Method, r.Request.Target, describe(r))
	}
	j.status()
	j.code()
	for _, f := range w.Fields {
		j.field(f)
	}
	j.body()
	if w.Check != nil {
		for _, f := range w.Check(s, r) {
			j.broken(clause.BrokenBody, f.Expected, f.Got)
		}
	}
	return j.list
}

type judge struct {
	scene   *Scene
	reply   *client.Reply
	want    Want
	effect  bool
	clauses []string
	list    []clause.Broken
}

func (j *judge) broken(what clause.What, expected, got string) {
	if j.effect {
		what = clause.BrokenEffect
	}
	for _, id := range j.clauses {
		j.list = append(j.list, clause.Broken{Clause: id, What: what, Expected: expected, Got: got,
			GotStatus: j.reply.Status, GotCode: j.reply.Err.Code, Step: j.want.Step})
	}
}

func (j *judge) status() {
	want, got := j.want.Status, j.reply.Status
	if want == 0 || want == got || want < 10 && got/100 == want {
		return
	}
	j.broken(clause.BrokenStatus, j.want.answer(), describe(j.reply))
}

// answer says which status is wanted.
func (w Want) answer() string {
	switch {
	case w.Status == 0:
		return "a reply"
	case w.Status < 10:
		return "status " + strconv.Itoa(w.Status) + "xx"
	}
	return "status " + strconv.Itoa(w.Status)
}

func (j *judge) code() {
	if j.want.Code == "" || j.reply.Err.Code == j.want.Code || bodiless(j.reply) {
		return
	}
	j.broken(clause.BrokenCode, "code "+j.want.Code, describe(j.reply))
}

// bodiless replies have no body by the rules of HTTP.
func bodiless(r *client.Reply) bool {
	return r.Request.Method == "HEAD" || r.Status == 204 || r.Status == 304
}

func (j *judge) field(f FieldWant) {
	values := j.reply.Fields.Values(f.Name)
	want := j.resolve(f.Value)
	if want == Absent {
		if len(values) > 0 {
			j.broken(clause.BrokenField, "no field "+f.Name, f.Name+": "+strings.Join(values, ", "))
		}
		return
	}
	if len(values) == 0 {
		j.broken(clause.BrokenField, "field "+f.Name+": "+j.text(want), "no such field")
		return
	}
	if expected, ok := matches(want, values[0]); !ok {
		j.broken(clause.BrokenField, "field "+f.Name+": "+expected, f.Name+": "+values[0])
	}
}

func (j *judge) body() {
	if j.want.Body == nil {
		return
	}
	got := string(j.reply.Body)
	if expected, ok := matches(j.resolve(j.want.Body), got); !ok {
		j.broken(clause.BrokenBody, "body "+expected, fmt.Sprintf("%d bytes: %s", j.reply.Size, excerpt(got)))
	}
}

// resolve asks a function of the scene for its value.
func (j *judge) resolve(v any) any {
	if f, ok := v.(func(*Scene) any); ok {
		return f(j.scene)
	}
	return v
}

func (j *judge) text(want any) string {
	if s, ok := want.(string); ok {
		return s
	}
	return "any value"
}

// matches compares got with a literal or a matcher and says what was expected.
func matches(want any, got string) (expected string, ok bool) {
	switch w := want.(type) {
	case string:
		return excerpt(w), w == got
	case types.GomegaMatcher:
		ok, err := w.Match(got)
		if err != nil {
			return err.Error(), false
		}
		if ok {
			return "", true
		}
		return matcherText(w, got), false
	}
	return fmt.Sprintf("a string or a matcher, but the case gives %T", want), false
}

// matcherText is Gomega's failure message in one line, without the value that
// came: that stands in Got.
func matcherText(m types.GomegaMatcher, got string) string {
	text := strings.TrimPrefix(m.FailureMessage(got), "Expected\n")
	text = strings.TrimPrefix(text, format.IndentString(format.Object(got, 0), 1)+"\n")
	return excerpt(pointer.ReplaceAllString(strings.Join(strings.Fields(text), " "), "…"))
}

// pointer is what Gomega prints of functions; it differs from build to build.
var pointer = regexp.MustCompile(`0x[0-9a-f]{4,}`)

func describe(r *client.Reply) string {
	s := "status " + strconv.Itoa(r.Status)
	if r.Err.Code != "" {
		s += " code " + r.Err.Code
	}
	return s
}

// excerpt bounds what is quoted of a text.
func excerpt(s string) string {
	const limit = 200
	if len(s) > limit {
		return fmt.Sprintf("%q… (%d bytes)", s[:limit], len(s))
	}
	return strconv.Quote(s)
}

func itoa(n int) string { return strconv.Itoa(n) }

func lower(s string) string { return strings.ToLower(s) }

// body is n bytes of text that repeats nowhere nearby.
func body(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = "abcdefghijklmnopqrstuvwxyz0123456789"[(i*7+i/36)%36]
	}
	return string(b)
}
