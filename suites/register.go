package suites

import (
	"context"
	"strings"
	"sync"

	"github.com/onsi/ginkgo/v2"

	"objectharness/internal/clause"
)

// EntryName is the report entry under which a spec leaves its clause.Outcome.
const EntryName = "outcome"

// Register adds every case of the providers' dialects to the current Ginkgo
// suite. A subject is opened when its first case runs, once per process.
func Register(providers ...Provider) {
	for _, p := range providers {
		o := &opener{provider: p}
		ginkgo.Describe(p.Dialect, func() {
			for _, c := range Cases(p.Dialect) {
				ginkgo.It(c.ID+": "+c.Text, Labels(c), func(ctx ginkgo.SpecContext) { o.run(ctx, c) })
			}
		})
	}
}

// Labels are what --filter selects by: dialect:oss, chapter:append,
// clause:OSS-APPEND-06 and id:oss.append.position-not-length (a label cannot
// hold a slash).
func Labels(c Case) ginkgo.Labels {
	l := ginkgo.Labels{"dialect:" + c.Dialect, "chapter:" + c.Chapter, IDLabel(c.ID)}
	for _, id := range c.Clauses {
		l = append(l, "clause:"+id)
	}
	return l
}

// IDLabel is the label of one case.
func IDLabel(id string) string { return "id:" + strings.ReplaceAll(id, "/", ".") }

// CaseID is the id that stands in front of a spec's text.
func CaseID(text string) string {
	id, _, _ := strings.Cut(text, ": ")
	return id
}

type opener struct {
	provider Provider
	once     sync.Once
	subject  *Subject
	err      error
}

func (o *opener) run(ctx context.Context, c Case) {
	o.once.Do(func() { o.subject, o.err = o.provider.Open(ctx) })
	out := clause.Outcome{CaseID: c.ID}
	if o.err != nil {
		out.Error = "the target cannot be opened: " + o.err.Error()
	} else {
		out = o.play(ctx, c)
	}
	ginkgo.AddReportEntry(EntryName, out, ginkgo.ReportEntryVisibilityNever)
	report(out)
}

// play runs the case, as often as asked for.
func (o *opener) play(ctx context.Context, c Case) clause.Outcome {
	if o.provider.Stress > 0 {
		return Stress(ctx, o.subject, c, o.provider.Stress)
	}
	return RunCase(ctx, o.subject, c)
}

// report tells Ginkgo in its own terms.
func report(out clause.Outcome) {
	switch {
	case out.NotRun != "":
		ginkgo.Skip("not run: " + out.NotRun)
	case out.Unsupported != "":
		ginkgo.Skip("unsupported: " + out.Unsupported)
	case out.Error != "":
		ginkgo.Fail("error: " + out.Error)
	case out.Blocked != "":
		ginkgo.Fail("blocked: " + out.Blocked)
	case len(out.Broken) > 0:
		ginkgo.Fail(brokenText(out.Broken))
	}
}

func brokenText(list []clause.Broken) string {
	var b strings.Builder
	for i, x := range list {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(x.Clause + ": want " + x.Expected + "; got " + x.Got)
	}
	return b.String()
}
