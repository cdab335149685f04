// Package report is the model of a run and everything that is made from it
// alone: run.json, JUnit, HTML, Markdown, text and a badge. It knows nothing of
// how a run comes about.
package report

import "time"

// Schema is the version of the model that this package writes and reads.
const Schema = 1

// Verdict is what a case came to.
type Verdict string

// The nine verdicts.
const (
	Passed      Verdict = "passed"
	Warned      Verdict = "warned"
	Failed      Verdict = "failed"
	Blocked     Verdict = "blocked"
	Waived      Verdict = "waived"
	StaleWaiver Verdict = "stale-waiver"
	Unsupported Verdict = "unsupported"
	NotRun      Verdict = "not-run"
	Error       Verdict = "error"
)

// Verdicts lists the nine verdicts, those that need attention first.
func Verdicts() []Verdict {
	return []Verdict{Failed, StaleWaiver, Error, Blocked, Warned, Waived, Passed, Unsupported, NotRun}
}

// Concluded tells whether the verdict says something about the target; only
// such verdicts count as coverage.
func (v Verdict) Concluded() bool {
	switch v {
	case Passed, Failed, Warned, Waived, StaleWaiver:
		return true
	}
	return false
}

// A Run is everything that one run of the harness found.
type Run struct {
	Schema      int                `json:"schema"`
	Tool        Tool               `json:"tool"`
	Started     time.Time          `json:"started"`
	DurationMS  float64            `json:"duration_ms"`
	Seed        uint64             `json:"seed"`
	Command     string             `json:"command"` // the command line that repeats the run, without --only and without secrets
	Strict      bool               `json:"strict"`  // a should that is broken on a foreign target fails it
	Profile     string             `json:"profile"` // the named selection, "" for none
	Gate        []GateRule         `json:"gate"`    // the rules of the gate that the run breaks
	Convergence []Convergence      `json:"convergence"`
	PlanTotal   int                `json:"plan_total"` // cases selected, whether they ran or not
	Interrupted bool               `json:"interrupted"`
	Exit        int                `json:"exit"`        // 0, 1, 2, 3 or 130
	Reason      string             `json:"exit_reason"` // why, in words
	Notes       []string           `json:"notes"`       // what a reader should know: waivers that match nothing, …
	Targets     []Target           `json:"targets"`
	Chapters    []string           `json:"chapters"` // in the order of the matrix
	Summary     map[string]Summary `json:"summary"`  // by dialect
	Clauses     []Clause           `json:"clauses"`
	Cases       []Case             `json:"cases"`
	Loads       []Load             `json:"loads"`
	Comparisons []Comparison       `json:"comparisons"`
}

// Tool says which build made the run.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Go      string `json:"go"`
}

// A Target is one endpoint that was tested.
type Target struct {
	Name      string    `json:"name"`
	Dialect   string    `json:"dialect"`
	Endpoint  string    `json:"endpoint"` // scheme, host and port, no credentials
	Embedded  bool      `json:"embedded"` // the harness's own emulator
	Style     string    `json:"style"`    // path or virtual
	Region    string    `json:"region"`
	Preflight Preflight `json:"preflight"`
	Features  []Feature `json:"features"` // those that the target file declares
	Serve     string    `json:"serve"`    // the command that starts such a target, where it is the harness's own; "" elsewhere
}

// Preflight is what was found before the first case.
type Preflight struct {
	OK     bool    `json:"ok"`
	Checks []Check `json:"checks"`
}

// A Check is one question of the preflight and its answer.
type Check struct {
	Name   string `json:"name"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
}

// A Summary counts the cases of one dialect.
type Summary struct {
	Passed          int `json:"passed"`
	Warned          int `json:"warned"`
	Failed          int `json:"failed"`
	Blocked         int `json:"blocked"`
	Waived          int `json:"waived"`
	StaleWaiver     int `json:"stale_waiver"`
	Unsupported     int `json:"unsupported"`
	NotRun          int `json:"not_run"`
	Error           int `json:"error"`
	ClausesTestable int `json:"clauses_testable"` // clauses of the dialect that this kind of target can show
	ClausesCovered  int `json:"clauses_covered"`  // those of them about which a case concluded something
}

// count is the counter of a verdict.
func (s *Summary) count(v Verdict) *int {
	switch v {
	case Passed:
		return &s.Passed
	case Warned:
		return &s.Warned
	case Failed:
		return &s.Failed
	case Blocked:
		return &s.Blocked
	case Waived:
		return &s.Waived
	case StaleWaiver:
		return &s.StaleWaiver
	case Unsupported:
		return &s.Unsupported
	case NotRun:
		return &s.NotRun
	}
	return &s.Error
}

// Add counts one case.
func (s *Summary) Add(v Verdict) { *s.count(v)++ }

// Of returns how many cases have a verdict.
func (s Summary) Of(v Verdict) int { return *s.count(v) }

// Cases returns how many cases there are, whatever they came to.
func (s Summary) Cases() int {
	n := 0
	for _, v := range Verdicts() {
		n += s.Of(v)
	}
	return n
}

// Concluded returns how many cases say something about the target.
func (s Summary) Concluded() int {
	return s.Passed + s.Warned + s.Failed + s.Waived + s.StaleWaiver
}

// Silent returns how many cases say nothing about the target.
func (s Summary) Silent() int { return s.Cases() - s.Concluded() }

// A Clause is one documented requirement of a dialect that the run is about.
type Clause struct {
	ID         string   `json:"id"`
	Dialect    string   `json:"dialect"`
	Chapter    string   `json:"chapter"`
	Text       string   `json:"text"`
	Source     string   `json:"source"`
	Level      string   `json:"level"`
	Confidence string   `json:"confidence"`
	Severity   string   `json:"severity"`
	Testable   string   `json:"testable"` // yes, emulator-only, offline, no
	Verdict    Verdict  `json:"verdict"`  // the worst that its cases concluded; not-run without a case
	Cases      []string `json:"cases"`
}

// A Case is one case and what became of it.
type Case struct {
	ID         string      `json:"id"`
	Dialect    string      `json:"dialect"`
	Chapter    string      `json:"chapter"`
	Text       string      `json:"text"`
	Clauses    []string    `json:"clauses"`
	Level      string      `json:"level"`    // the strongest of its clauses
	Severity   string      `json:"severity"` // the worst of its clauses
	Verdict    Verdict     `json:"verdict"`
	Broken     []Broken    `json:"broken"`
	Accepted   []Accepted  `json:"accepted"`   // the other readings that a foreign target follows
	BlockedBy  string      `json:"blocked_by"` // the given step that did not hold
	Divergence *Divergence `json:"divergence"` // the first differing signing step
	Behaviour  *Behaviour  `json:"behaviour"`  // of the reply that was judged; null where there is none
	Message    string      `json:"message"`    // why, where broken does not say it
	DurationMS float64     `json:"duration_ms"`
	Exchanges  []Exchange  `json:"exchanges"`
	Curl       string      `json:"curl"`
	Waiver     *Waiver     `json:"waiver"` // the waiver that applies, or is stale
	Stress     *Stress     `json:"stress"` // of a case that ran many times
	Delays     []Delay     `json:"delays"` // reads that did not show at once what was written
}

// Broken is one assertion that did not hold.
type Broken struct {
	Clause   string  `json:"clause"`
	What     string  `json:"what"` // status, code, field, body, effect, transport
	Expected string  `json:"expected"`
	Got      string  `json:"got"`
	Verdict  Verdict `json:"verdict"` // what the policy makes of it: failed, warned or waived
}

// Accepted is an answer that differs from ours and is right nevertheless.
type Accepted struct {
	Clause string `json:"clause"`
	Status string `json:"status"` // 404, or a class such as 4xx
	Code   string `json:"code"`
	Value  string `json:"value"`
	Source string `json:"source"`
}

// A Waiver is the known failure that a waivers file lists.
type Waiver struct {
	Pattern string `json:"pattern"`
	Reason  string `json:"reason"`
	Ticket  string `json:"ticket"`
	Expires string `json:"expires"` // day, 2006-01-02; "" for never
}

// A Behaviour is a reply without what differs from run to run, so that those of
// two targets can be compared.
type Behaviour struct {
	Status int      `json:"status"`
	Code   string   `json:"code"`   // "" when the reply had none
	Fields []string `json:"fields"` // names of header fields in small letters, in order; some with their value
	Body   string   `json:"body"`   // what it is made of; "" when it is empty
}

// A Divergence is the first step of a signature on which client and server
// disagree.
type Divergence struct {
	Step   string `json:"step"`
	Ours   string `json:"ours"`
	Theirs string `json:"theirs"`
	At     int    `json:"at"` // first byte that differs, from 0
}

// An Exchange is one request and its reply.
type Exchange struct {
	Step       string  `json:"step"`
	Request    Request `json:"request"`
	Reply      *Reply  `json:"reply"` // null when none came
	DurationMS float64 `json:"duration_ms"`
	Note       string  `json:"note"`
	OffsetMS   float64 `json:"offset_ms"` // when it began, from the first exchange of the case
	Times      int     `json:"times"`     // how many like it came in a row, of which this is the first
	Skipped    int     `json:"skipped"`   // exchanges that were left out just before it
}

// A Request is the request of an exchange, fields in wire order.
type Request struct {
	Method string      `json:"method"`
	Target string      `json:"target"`
	Fields [][2]string `json:"fields"`
	Body   *Body       `json:"body"`
}

// A Reply is the reply of an exchange, fields in wire order.
type Reply struct {
	Status int         `json:"status"`
	Fields [][2]string `json:"fields"`
	Body   *Body       `json:"body"`
}

// A Body is what was kept of a message's body: text, or base64 of what is none.
type Body struct {
	Text   string `json:"text,omitempty"`
	Base64 string `json:"base64,omitempty"`
	Cut    bool   `json:"cut"`    // less was kept than there was
	Length int64  `json:"length"` // bytes of the whole body
	SHA256 string `json:"sha256"` // of the whole body, lower-case hex
}
