package report

import (
	"fmt"
	"io"
	"strings"
)

// WriteText writes the changed cases, one a line, the clauses that are broken or
// mended, and the sum of it.
func (d *Diff) WriteText(w io.Writer) error {
	var b strings.Builder
	for i := range d.Cases {
		c := &d.Cases[i]
		fmt.Fprintf(&b, "%-8s  %s  %s\n", c.Change, c.ID, c.path())
		if c.Why != "" {
			fmt.Fprintf(&b, "          %s\n", c.Why)
		}
		for at, list := range c.Differences {
			if len(list) > 0 && c.Why == "" {
				fmt.Fprintf(&b, "          %s: %s\n", d.Names[at], strings.Join(list, "; "))
			}
		}
	}
	for _, g := range d.Clusters {
		if len(g.Cases) > 1 {
			fmt.Fprintf(&b, "cluster   %d cases, %s, %s\n", len(g.Cases), g.Dialect, g.Cause)
		}
	}
	for _, c := range d.Common {
		fmt.Fprintf(&b, "common    %s: %s in %d cases\n", d.Names[c.Run], c.Text, c.Cases)
	}
	for i := range d.Loads {
		d.loadText(&b, &d.Loads[i])
	}
	for _, line := range d.clauseLines() {
		fmt.Fprintln(&b, line)
	}
	fmt.Fprintf(&b, "%s: %s\n", strings.Join(d.Names, " → "), d.Headline())
	_, err := io.WriteString(w, b.String())
	return err
}

// path is the verdicts in a row, or the answers where the verdicts are the same.
func (c *DiffCase) path() string {
	words := make([]string, len(c.Verdicts))
	for i, v := range c.Verdicts {
		words[i] = v.word()
	}
	if c.Change == Differs {
		for i, b := range c.Behaviours {
			words[i] = orNone(b.Answer())
		}
	}
	return strings.Join(words, " → ")
}

// clauseLines tell which clauses are newly broken, without a verdict, mended, or
// newly judged.
func (d *Diff) clauseLines() (lines []string) {
	for _, way := range []struct {
		change Change
		words  string
	}{{Worse, "clauses newly broken"}, {Lost, "clauses no longer judged"}, {Better, "clauses mended"}, {Found, "clauses newly judged"}} {
		if ids := d.ClausesThat(way.change); len(ids) > 0 {
			lines = append(lines, way.words+": "+strings.Join(ids, ", "))
		}
	}
	return lines
}

func (d *Diff) loadText(b *strings.Builder, l *DiffLoad) {
	fmt.Fprintf(b, "load      %s\n", l.Title())
	for at, load := range l.Loads {
		if load != nil {
			fmt.Fprintf(b, "          %s: %s\n", d.Names[at], strings.Join(l.numbers(at), ", "))
		}
	}
}

// numbers are what is compared of a load, in words.
func (l *DiffLoad) numbers(at int) []string {
	x := l.Loads[at]
	list := []string{perSecond(x.DoneRPS) + " completed" + x.Dagger()}
	if change := l.Change(at); change != "" {
		list[0] += " (" + change + ")"
	}
	return append(list, shareText(x.Throttled())+" throttled", shareText(x.Otherwise())+" failed otherwise",
		"p50 "+duration(x.Response.P50), "p99 "+duration(x.Response.P99))
}

// WriteMarkdown writes the comparison for a pull request or a job page.
func (d *Diff) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n\n%s: %s\n\n", d.Verdict(), markdown(strings.Join(d.Names, " → ")), d.Headline())
	b.WriteString("| run | target | passed | failed | warned | said nothing | score |\n| --- | --- | ---: | ---: | ---: | ---: | ---: |\n")
	for i, run := range d.Runs {
		t := run.Total()
		fmt.Fprintf(&b, "| %s | %s | %d | %d | %d | %d | %s |\n", markdown(d.Names[i]), markdown(run.about()), t.Passed, t.Failed+t.StaleWaiver, t.Warned,
			t.Silent(), run.Score().Text())
	}
	for _, line := range d.clauseLines() {
		fmt.Fprintf(&b, "\n- %s", line)
	}
	if len(d.Cases) > 0 {
		b.WriteString("\n\n| change | case | runs | why |\n| --- | --- | --- | --- |\n")
	}
	for i := range d.Cases {
		if i == listed {
			fmt.Fprintf(&b, "\nand %d more\n", len(d.Cases)-listed)
			break
		}
		c := &d.Cases[i]
		fmt.Fprintf(&b, "| **%s** | `%s` | %s | %s |\n", c.Change, c.ID, markdown(c.path()), markdown(c.reason()))
	}
	for i := range d.Loads {
		l := &d.Loads[i]
		fmt.Fprintf(&b, "\n- load: %s", markdown(l.Title()))
		for at, load := range l.Loads {
			if load != nil {
				fmt.Fprintf(&b, "\n  - %s: %s", markdown(d.Names[at]), markdown(strings.Join(l.numbers(at), ", ")))
			}
		}
	}
	b.WriteByte('\n')
	_, err := io.WriteString(w, b.String())
	return err
}

// reason says why a case changed: what the last run says, or how the answers
// differ.
func (c *DiffCase) reason() string {
	if c.Why != "" {
		return c.Why
	}
	var all []string
	for _, list := range c.Differences {
		all = append(all, list...)
	}
	return strings.Join(all, "; ")
}

// about names the targets of a run.
func (r *Run) about() string {
	var names []string
	for _, t := range r.Targets {
		names = appendNew(names, t.Name)
	}
	for _, l := range r.Loads {
		names = appendNew(names, l.Target)
	}
	return strings.Join(names, ", ")
}

// Verdict is the comparison in a few words.
func (d *Diff) Verdict() string {
	switch {
	case d.LoadsOnly():
		return "Loads side by side"
	case d.Gate() != "":
		return "Worse than the baseline"
	}
	return "No worse than the baseline"
}

// LoadsOnly tells whether the runs are load tests.
func (d *Diff) LoadsOnly() bool { return len(d.Cases) == 0 && d.Same == 0 && len(d.Loads) > 0 }
