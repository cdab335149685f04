package report

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// broken cases that the text and Markdown summaries list before they refer to
// the report.
const listed = 50

// WriteText writes a summary for a terminal or a log: the verdict, a line per
// dialect, and the cases that need attention.
func WriteText(w io.Writer, run *Run) error {
	if run.LoadsOnly() {
		return writeLoadText(w, run)
	}
	var b strings.Builder
	tab := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, dialect := range run.dialects() {
		s := run.Summary[dialect]
		fmt.Fprintf(tab, "%s\t%s\tclauses covered %d of %d (%s)\t%s\n", dialect, s.counts(),
			s.ClausesCovered, s.ClausesTestable, percent(s.ClausesCovered, s.ClausesTestable), run.target(dialect).Name)
	}
	if err := tab.Flush(); err != nil {
		return err
	}
	troubled := run.troubled()
	for i, c := range troubled {
		if i == listed {
			fmt.Fprintf(&b, "… and %d more, see the report\n", len(troubled)-listed)
			break
		}
		fmt.Fprintf(&b, "\n%s  %s  %s\n  %s\n  %s\n", strings.ToUpper(string(c.Verdict)), c.ID, c.Severity, c.Summary(), run.Again(c))
	}
	b.WriteString(run.gateText())
	fmt.Fprintf(&b, "\n%s: %s (seed %d)\n", run.Headline(), run.Reason, run.Seed)
	_, err := io.WriteString(w, b.String())
	return err
}

// WriteMarkdown writes a summary for a pull request or a job page.
func WriteMarkdown(w io.Writer, run *Run) error {
	if run.LoadsOnly() {
		return writeLoadMarkdown(w, run)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n\n%s\n\n", run.Headline(), markdown(run.Reason))
	b.WriteString("| dialect | target | score | passed | failed | warned | waived | blocked | error | not run | clauses covered |\n")
	b.WriteString("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n")
	for _, dialect := range run.dialects() {
		s := run.Summary[dialect]
		fmt.Fprintf(&b, "| %s | %s | %s | %d | %d | %d | %d | %d | %d | %d | %d of %d (%s) |\n",
			dialect, markdown(run.target(dialect).Name), run.ScoreOf(dialect).Text(), s.Passed, s.Failed+s.StaleWaiver, s.Warned, s.Waived, s.Blocked, s.Error,
			s.NotRun+s.Unsupported, s.ClausesCovered, s.ClausesTestable, percent(s.ClausesCovered, s.ClausesTestable))
	}
	troubled := run.troubled()
	if len(troubled) > 0 {
		b.WriteString("\n| verdict | case | severity | why |\n| --- | --- | --- | --- |\n")
	}
	for i, c := range troubled {
		if i == listed {
			fmt.Fprintf(&b, "\nand %d more, see the report\n", len(troubled)-listed)
			break
		}
		fmt.Fprintf(&b, "| **%s** | `%s` | %s | %s |\n", c.Verdict, c.ID, c.Severity, markdown(c.Summary()))
	}
	for _, c := range run.Comparisons {
		fmt.Fprintf(&b, "\n- %s", markdown(c.Text))
	}
	b.WriteString(run.gateMarkdown())
	fmt.Fprintf(&b, "\nSeed %d, %d cases planned, %s %s, started %s.\n", run.Seed, run.PlanTotal, run.Tool.Name, run.Tool.Version,
		run.Started.UTC().Format("2006-01-02 15:04:05 UTC"))
	_, err := io.WriteString(w, b.String())
	return err
}

// markdown escapes what would change the structure of a table cell.
var markdown = strings.NewReplacer("|", "\\|", "\n", " ", "\r", " ", "<", "&lt;", ">", "&gt;", "*", "\\*", "_", "\\_", "`", "\\`",
	"[", "\\[", "]", "\\]").Replace
