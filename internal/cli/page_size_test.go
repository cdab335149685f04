package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"objectharness/internal/clause"
	"objectharness/internal/cli"
	"objectharness/internal/verdict"
	"objectharness/report"
)

// wholeCatalogue is a run of every case of every dialect, each with an outcome.
func wholeCatalogue(t *testing.T, plan []clause.Case, outcome func(i int, c clause.Case) clause.Outcome) *report.Run {
	t.Helper()
	registry, err := clause.Load()
	if err != nil {
		t.Fatal(err)
	}
	run := &report.Run{Started: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), PlanTotal: len(plan), Chapters: registry.Chapters()}
	judge := &verdict.Judge{Registry: registry}
	for i, c := range plan {
		run.Cases = append(run.Cases, judge.Case(c, outcome(i, c)))
	}
	run.Clauses = verdict.Clauses(registry, run.Cases, clause.Dialects()...)
	run.Summary = verdict.Summary(run.Cases, run.Clauses, false, clause.Dialects()...)
	return run
}

// everyCase lists the cases of all dialects.
func everyCase(t *testing.T) []clause.Case {
	t.Helper()
	var out, errs bytes.Buffer
	if code := cli.Run(context.Background(), []string{"list", "--dialect", "all", "--json"}, nil, &out, &errs); code != 0 {
		t.Fatalf("exit code %d: %s", code, errs.String())
	}
	var l struct{ Cases []clause.Case }
	if err := json.Unmarshal(out.Bytes(), &l); err != nil {
		t.Fatal(err)
	}
	return l.Cases
}

// jobSummaryMax is what a job of GitHub Actions takes as its summary, in bytes, of
// which a comparison may take the other half.
const jobSummaryMax = 1 << 19

var placeOnPage = regexp.MustCompile(`<(?:li|article) [^>]*?id="?([^" >]+)`)

// However long the catalogue is and whatever its cases come to, its page stays
// below two million bytes, and names every case.
func TestWholeCatalogueFitsOnAPage(t *testing.T) {
	plan := everyCase(t)
	for name, fails := range map[string]func(i int) bool{
		"nothing":    func(int) bool { return false },
		"some":       func(i int) bool { return i%20 == 0 },
		"half of it": func(i int) bool { return i%2 == 0 },
	} {
		run := wholeCatalogue(t, plan, func(i int, c clause.Case) clause.Outcome {
			o := clause.Outcome{CaseID: c.ID, Duration: time.Millisecond}
			if fails(i) && len(c.Clauses) > 0 {
				o.Broken = []clause.Broken{{Clause: c.Clauses[0], What: clause.BrokenStatus, Expected: "status 403", Got: "status 200", GotStatus: 200}}
				body := []byte(strings.Repeat("<a>", 300))
				o.Exchanges = []clause.Exchange{{Step: "when", Request: clause.Message{Method: "GET", Target: "/bucket/" + c.ID},
					Reply: &clause.Message{Status: 200, Body: body, Length: int64(len(body))}}}
			}
			return o
		})
		var page bytes.Buffer
		if err := report.WriteHTML(&page, run); err != nil {
			t.Fatal(err)
		}
		if page.Len() > 1_950_000 {
			t.Errorf("%s fails: the page of %d cases has %d bytes", name, len(run.Cases), page.Len())
		}
		var summary bytes.Buffer
		if err := report.WriteMarkdown(&summary, run); err != nil || summary.Len() > jobSummaryMax {
			t.Errorf("%s fails: the summary in Markdown has %d bytes, %v", name, summary.Len(), err)
		}
		t.Logf("%s fails: %d cases, %d bytes", name, len(run.Cases), page.Len())
		named := map[string]bool{}
		for _, m := range placeOnPage.FindAllStringSubmatch(page.String(), -1) {
			named[m[1]] = true
		}
		for _, c := range run.Cases {
			if !named[c.ID] {
				t.Fatalf("%s fails: the page does not name %s", name, c.ID)
			}
		}
	}
}
