package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"
)

// The elements of JUnit's XML that continuous-integration servers read; their
// attributes are those of Jenkins' schema junit-10.xsd.
type (
	junitRun struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Time     string       `xml:"time,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name       string          `xml:"name,attr"`
		Tests      int             `xml:"tests,attr"`
		Failures   int             `xml:"failures,attr"`
		Errors     int             `xml:"errors,attr"`
		Skipped    int             `xml:"skipped,attr"`
		Time       string          `xml:"time,attr"`
		Timestamp  string          `xml:"timestamp,attr"`
		Properties []junitProperty `xml:"properties>property"`
		Cases      []junitCase     `xml:"testcase"`
	}
	junitProperty struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	junitCase struct {
		Name      string       `xml:"name,attr"`
		Classname string       `xml:"classname,attr"`
		Time      string       `xml:"time,attr"`
		Failure   *junitReason `xml:"failure"`
		Error     *junitReason `xml:"error"`
		Skipped   *junitReason `xml:"skipped"`
		Out       string       `xml:"system-out,omitempty"`
	}
	junitReason struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
)

// WriteJUnit writes the run as JUnit XML: a test suite per dialect and chapter.
// failed and stale-waiver are failures, error and blocked are errors,
// unsupported and not-run are skipped, warned and waived pass with their word
// in system-out.
func WriteJUnit(w io.Writer, run *Run) error {
	out := junitRun{Name: "object storage conformance"}
	total := 0.0
	for _, group := range run.groups() {
		suite := run.junitSuite(group)
		out.Suites = append(out.Suites, suite)
		out.Tests += suite.Tests
		out.Failures += suite.Failures
		out.Errors += suite.Errors
		total += group.duration()
	}
	out.Time = seconds(total)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", " ")
	if err := e.Encode(out); err != nil {
		return fmt.Errorf("report: encoding JUnit: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (r *Run) junitSuite(g group) junitSuite {
	s := junitSuite{
		Name: g.Dialect + " " + g.Chapter, Time: seconds(g.duration()),
		Timestamp: r.Started.UTC().Format(time.RFC3339),
		Properties: []junitProperty{
			{"seed", fmt.Sprint(r.Seed)}, {"target", r.target(g.Dialect).Name}, {"tool", r.Tool.Name + " " + r.Tool.Version},
		},
	}
	for _, c := range g.Cases {
		s.add(junitOf(c))
	}
	return s
}

func (s *junitSuite) add(c junitCase) {
	s.Tests++
	switch {
	case c.Failure != nil:
		s.Failures++
	case c.Error != nil:
		s.Errors++
	case c.Skipped != nil:
		s.Skipped++
	}
	s.Cases = append(s.Cases, c)
}

func junitOf(c *Case) junitCase {
	out := junitCase{
		Name:      clean(c.ID + " " + c.Text),
		Classname: c.Dialect + "." + c.Chapter,
		Time:      seconds(c.DurationMS),
	}
	reason := &junitReason{Message: clean(c.Summary()), Type: string(c.Verdict), Text: clean(c.details())}
	switch c.Verdict {
	case Failed, StaleWaiver:
		out.Failure = reason
	case Error, Blocked:
		out.Error = reason
	case Unsupported, NotRun:
		out.Skipped = reason
	case Warned, Waived:
		out.Out = clean(string(c.Verdict) + ": " + c.Summary() + "\n" + c.details())
	}
	return out
}

// details are the broken assertions of a case and how to send its request by
// hand.
func (c *Case) details() string {
	var b strings.Builder
	for _, br := range c.Broken {
		fmt.Fprintf(&b, "%s (%s): expected %s, got %s\n", br.Clause, br.What, br.Expected, br.Got)
	}
	if c.Divergence != nil {
		fmt.Fprintf(&b, "first differing signing step: %s, at byte %d\n", c.Divergence.Step, c.Divergence.At)
	}
	if c.Curl != "" {
		fmt.Fprintln(&b, c.Curl)
	}
	return b.String()
}

// clean replaces what XML 1.0 cannot hold.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r != 0xfffe && r != 0xffff {
			return r
		}
		return '\uFFFD'
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

func seconds(ms float64) string { return fmt.Sprintf("%.3f", ms/1000) }
