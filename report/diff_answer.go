package report

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// commonFrom is the number of cases from which on a difference of a header field
// is told once instead of at each of them.
const commonFrom = 20

// A Common is a difference of a header field between a run and the baseline that
// many cases have.
type Common struct {
	Run   int // position
	Text  string
	Cases int
}

// differences compares the answers of each case with that of the first run that
// has one, and takes out what many cases have in common.
func (d *Diff) differences(all []DiffCase) {
	counts := map[Common]int{}
	for i := range all {
		c := &all[i]
		c.Differences = make([][]string, len(d.Runs))
		base := slices.IndexFunc(c.Behaviours, func(b *Behaviour) bool { return b != nil })
		for at := base + 1; base >= 0 && at < len(d.Runs); at++ {
			if b := c.Behaviours[at]; b != nil {
				c.Differences[at] = b.from(c.Behaviours[base])
			}
			for _, text := range c.Differences[at] {
				if strings.HasPrefix(text, "field ") {
					counts[Common{Run: at, Text: text}]++
				}
			}
		}
	}
	for i := range all {
		for at, list := range all[i].Differences {
			all[i].Differences[at] = slices.DeleteFunc(list, func(text string) bool { return counts[Common{Run: at, Text: text}] >= commonFrom })
		}
	}
	for c, n := range counts {
		if n >= commonFrom {
			d.Common = append(d.Common, Common{c.Run, c.Text, n})
		}
	}
	slices.SortFunc(d.Common, func(a, b Common) int {
		if a.Run != b.Run {
			return a.Run - b.Run
		}
		if a.Cases != b.Cases {
			return b.Cases - a.Cases
		}
		return strings.Compare(a.Text, b.Text)
	})
}

// from tells in which parts an answer differs from another.
func (b *Behaviour) from(base *Behaviour) (list []string) {
	if b.Status != base.Status {
		list = append(list, fmt.Sprintf("status %d instead of %d", b.Status, base.Status))
	}
	if b.Code != base.Code {
		list = append(list, fmt.Sprintf("code %s instead of %s", orNone(b.Code), orNone(base.Code)))
	}
	if b.Status/100 == base.Status/100 { // of a success and a refusal the rest is no wonder
		list = append(list, b.fieldsFrom(base)...)
		if b.Body != base.Body {
			list = append(list, fmt.Sprintf("body %s instead of %s", orNone(b.Body), orNone(base.Body)))
		}
	}
	return list
}

func (b *Behaviour) fieldsFrom(base *Behaviour) (list []string) {
	ours, theirs := timeless(b.Fields), timeless(base.Fields)
	for _, f := range ours {
		if !slices.Contains(theirs, f) {
			list = append(list, "field "+f+" added")
		}
	}
	for _, f := range theirs {
		if !slices.Contains(ours, f) {
			list = append(list, "field "+f+" missing")
		}
	}
	return list
}

// timeless are fields with the times taken out of their values: a store that
// says until when an answer is fresh says another time in each run.
func timeless(fields []string) []string {
	out := slices.Clone(fields)
	for i, f := range out {
		name, value, found := strings.Cut(f, ": ")
		if _, err := time.Parse(time.RFC1123, value); found && err == nil {
			out[i] = name + ": a time"
		}
	}
	return out
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// Answer is status and code of the reply.
func (b *Behaviour) Answer() string {
	if b == nil {
		return ""
	}
	return strings.TrimSpace(fmt.Sprintf("%d %s", b.Status, b.Code))
}
