package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// WriteBadge writes an SVG badge with the dialects and the profile, the score
// and of how many clauses it is, and the day of the run.
func WriteBadge(w io.Writer, run *Run) error {
	label := strings.ToUpper(strings.Join(run.dialects(), " · "))
	if run.Profile != "" {
		label = strings.TrimSpace(label + " " + run.Profile)
	}
	score := run.Score()
	value := fmt.Sprintf("%s of %s · %s", score.Text(), plural(score.Selected, "clause", "clauses"), run.Started.UTC().Format("2006-01-02"))
	_, err := io.WriteString(w, badge(label, value, badgeColour(run, run.Total())))
	return err
}

func badgeColour(run *Run, total Summary) string {
	switch {
	case run.Exit == 0 && total.Warned == 0:
		return "#1a7f4b"
	case run.Exit == 0:
		return "#8a6100"
	case run.Exit == 1:
		return "#b3261e"
	}
	return "#5f6672"
}

// badge draws two boxes with a text each; the widths are an estimate for the
// usual sans-serif faces, and textLength makes them fit.
func badge(label, value, colour string) string {
	left, right := textWidth(label)+16, textWidth(value)+16
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="22" role="img" aria-label="%s: %s">`,
		left+right, escape(label), escape(value))
	fmt.Fprintf(&b, `<title>%s: %s</title>`, escape(label), escape(value))
	fmt.Fprintf(&b, `<clipPath id="r"><rect width="%d" height="22" rx="4"/></clipPath><g clip-path="url(#r)">`, left+right)
	fmt.Fprintf(&b, `<rect width="%d" height="22" fill="#2b3038"/><rect x="%d" width="%d" height="22" fill="%s"/></g>`,
		left, left, right, colour)
	b.WriteString(`<g fill="#fff" font-family="system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif" font-size="11">`)
	fmt.Fprintf(&b, `<text x="8" y="15" textLength="%d">%s</text>`, left-16, escape(label))
	fmt.Fprintf(&b, `<text x="%d" y="15" textLength="%d">%s</text></g></svg>`, left+8, right-16, escape(value))
	return b.String() + "\n"
}

func textWidth(s string) int { return utf8.RuneCountInString(s) * 13 / 2 }

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder takes everything
	return b.String()
}
