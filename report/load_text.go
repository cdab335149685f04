package report

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// loadColumns are the columns of a summary of loads.
var loadColumns = []string{"keys", "planned", "completed", "throttled", "failed otherwise", "p50", "p99", "p99.9", "late p99"}

// columns are the numbers of a load in the order of loadColumns.
func (l Load) columns() []string {
	planned := "closed loop"
	if l.RateRPS > 0 {
		planned = perSecond(l.RateRPS)
	}
	row := []string{l.Keys, planned, perSecond(l.DoneRPS), shareText(l.Throttled()), shareText(l.Otherwise()),
		duration(l.Response.P50), duration(l.Response.P99), duration(l.Response.P999), duration(l.Lateness.P99)}
	for i := range row[2:] {
		row[i+2] += l.Dagger()
	}
	return row
}

// remarks are what there is to say of a load test beside its headline.
func (r *Run) remarks() (list []string) {
	for _, c := range r.Comparisons {
		list = append(list, sentence(c.Text))
	}
	for _, l := range r.Loads {
		if l.Knee != nil {
			list = append(list, sentence(l.Knee.Text))
		}
		if h := l.Hot; h != nil {
			list = append(list, fmt.Sprintf("Hot range: with %s keys, %s of the throttled requests have keys that begin with %q, the first of them %s after the start", l.Keys, shareText(h.Share), h.Prefix, h.FirstText()))
		}
		for _, f := range l.Failures[:min(len(l.Failures), 5)] {
			list = append(list, fmt.Sprintf("%s: %d requests %s (%s)", l.Keys, f.Requests, f.Class, f.Answer()))
		}
		for _, o := range l.Objectives {
			word := "broken"
			if o.Kept {
				word = "kept"
			}
			list = append(list, fmt.Sprintf("Objective %s: %s by %s keys, measured %s%s", o.Text, word, l.Keys, o.Measured, l.Dagger()))
		}
	}
	for _, reason := range r.Saturation() {
		list = append(list, "† SATURATED: the generator did not keep its plan: "+reason)
	}
	return append(list, r.Notes...)
}

// writeLoadText is WriteText of a load test.
func writeLoadText(w io.Writer, run *Run) error {
	var b strings.Builder
	tab := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tab, strings.Join(loadColumns, "\t"))
	for _, l := range run.Loads {
		fmt.Fprintln(tab, strings.Join(l.columns(), "\t"))
	}
	if err := tab.Flush(); err != nil {
		return err
	}
	b.WriteByte('\n')
	for _, text := range run.remarks() {
		fmt.Fprintln(&b, text)
	}
	fmt.Fprintf(&b, "\n%s: %s (seed %d)\n", run.Headline(), run.Reason, run.Seed)
	_, err := io.WriteString(w, b.String())
	return err
}

// writeLoadMarkdown is WriteMarkdown of a load test.
func writeLoadMarkdown(w io.Writer, run *Run) error {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n\n%s\n\n", markdown(run.Headline()), markdown(sentence(run.Reason)))
	fmt.Fprintf(&b, "| %s |\n| --- |%s\n", strings.Join(loadColumns, " | "), strings.Repeat(" ---: |", len(loadColumns)-1))
	for _, l := range run.Loads {
		row := l.columns()
		for i := range row {
			row[i] = markdown(row[i])
		}
		fmt.Fprintf(&b, "| %s |\n", strings.Join(row, " | "))
	}
	b.WriteByte('\n')
	for _, text := range run.remarks() {
		fmt.Fprintf(&b, "- %s\n", markdown(text))
	}
	fmt.Fprintf(&b, "\nSeed %d, %s %s, started %s.\n", run.Seed, run.Tool.Name, run.Tool.Version, run.Started.UTC().Format("2006-01-02 15:04:05 UTC"))
	_, err := io.WriteString(w, b.String())
	return err
}
