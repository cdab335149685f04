// Package clause holds every documented requirement that the harness knows, in
// a registry that is part of the program: what a document asks, where it asks
// it, how sure the source is, which answers count as right on somebody else's
// server, which chapter of the suites it belongs to and how much breaking it
// hurts. It also defines what a case reports back (Outcome), because suites
// and verdicts both know this package and nothing of each other.
package clause

import (
	"slices"
	"strings"
)

// Level is the strength of a document's wording.
type Level string

// Levels, strongest first.
const (
	Must   Level = "must"
	Should Level = "should"
	May    Level = "may"
)

// Levels lists the levels, strongest first.
func Levels() []Level { return []Level{Must, Should, May} }

// Testable says what it takes to observe a clause.
type Testable string

// Kinds of observability.
const (
	Anywhere     Testable = "yes"           // any endpoint shows it
	EmulatorOnly Testable = "emulator-only" // needs a settable clock, limits, accounts or a huge body
	Offline      Testable = "offline"       // a signer alone shows it; the vectors test it
	Never        Testable = "no"            // not observable; the note says why
)

// Confidence says what a clause rests on.
type Confidence string

// Confidences. Documented, AWSValidated, SDKTest and SeveralServers are proof
// enough to fail a foreign target, SDKCode and Inferred are not.
const (
	Documented     Confidence = "documented"
	AWSValidated   Confidence = "aws-validated"
	SDKTest        Confidence = "sdk-test"
	SDKCode        Confidence = "sdk-code"
	SeveralServers Confidence = "several-servers"
	Inferred       Confidence = "inferred"
)

// Severity says what breaking a clause costs the user of a store.
type Severity string

// Severities, worst first.
const (
	DataLoss Severity = "data-loss"
	Security Severity = "security"
	Interop  Severity = "interop"
	Cosmetic Severity = "cosmetic"
)

// Severities lists the severities, worst first.
func Severities() []Severity { return []Severity{DataLoss, Security, Interop, Cosmetic} }

// Status is an HTTP status (100 to 599) or, below 10, a class: 4 stands for 4xx.
type Status uint16

// Matches tells whether the status got is the one meant, or one of its class.
func (s Status) Matches(got int) bool {
	if s < 10 {
		return got/100 == int(s)
	}
	return got == int(s)
}

// String writes "404", or "4xx" for a class.
func (s Status) String() string {
	if s < 10 {
		return string(rune('0'+s)) + "xx"
	}
	return string([]rune{rune('0' + s/100), rune('0' + s/10%10), rune('0' + s%10)})
}

// An Answer is one reading of a disputed or undocumented step. The first of a
// clause is what the emulator gives; the others are no failures on a foreign
// target.
type Answer struct {
	Status Status
	Code   string // "" stands for any code
	Value  string // the limit, header, member or step that it is about
	Source string // who says so
	Cases  []int  // positions in Then (from 1) that it is about; none stands for all
}

// Matches tells whether a got status and code are this answer. step is the
// position in Then that was observed, 0 when the case does not say.
func (a Answer) Matches(status int, code string, step int) bool {
	if !a.Status.Matches(status) || a.Code != "" && a.Code != code {
		return false
	}
	return step == 0 || len(a.Cases) == 0 || slices.Contains(a.Cases, step)
}

// A Clause is one documented requirement. Its id is for ever.
type Clause struct {
	ID           string // OSS-APPEND-06
	Dialect      string // oss, cos, bos, s3
	Source       string // document, section and lines; or the public reference with its date
	Operation    string
	Level        Level
	Kind         string // status, error-code, header, body, limit, signing, state, permission, …
	Text         string
	Given        string
	When         string
	Then         string
	Testable     Testable
	Confidence   Confidence
	Accept       []Answer
	SupersededBy string // the clause or edition that says otherwise
	Note         string
	Chapter      string
	Severity     Severity
}

// Topic is the id without its number: OSS-APPEND.
func (c *Clause) Topic() string { return topic(c.ID) }

func topic(id string) string {
	if i := strings.LastIndexByte(id, '-'); i > 0 {
		return id[:i]
	}
	return id
}

// Proven tells whether the sources state the requirement and its answer well
// enough to fail somebody else's server. It is false for inferred clauses, for
// those that only an SDK's code shows, and where the refusal is documented but
// status or code are our choice.
func (c *Clause) Proven() bool {
	switch c.Confidence {
	case Inferred, SDKCode:
		return false
	}
	if strings.Contains(c.Then, "answer not documented") {
		return false
	}
	return len(c.Accept) == 0 || !c.Accept[0].chosen()
}

// chosen tells whether an answer is our own conclusion.
func (a Answer) chosen() bool {
	return strings.Contains(a.Source, "our choice") || strings.HasPrefix(a.Source, "inferred")
}

// Observable tells whether any case can show the clause: over the wire, with a
// foreign target only where any endpoint shows it.
func (c *Clause) Observable(foreign bool) bool {
	return c.Testable == Anywhere || c.Testable == EmulatorOnly && !foreign
}
