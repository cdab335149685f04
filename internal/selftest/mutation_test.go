package selftest

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"objectharness/internal/dialect"
	"objectharness/internal/emulator"
	"objectharness/internal/sign"
	"objectharness/suites"
)

// A mutant is one datum of a dialect, changed. reach is what Options.Reached is
// told where it is used; "" when every case has to be tried.
type mutant struct {
	name, reach string
	change      func(*dialect.Dialect)
}

// TestEveryDatumIsLookedAt changes the emulator's copy of a dialect, one datum
// at a time, and expects at least one case to notice.
func TestEveryDatumIsLookedAt(t *testing.T) {
	for _, name := range suites.Dialects() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGround(t, name)
			list := mutants(mustDialect(t, name), g)
			for _, m := range list {
				if !g.notices(t, m) {
					t.Errorf("%s: no case notices a change of %s", name, m.name)
				}
			}
			t.Logf("%s: %d data changed", name, len(list))
		})
	}
}

// notices runs the cases that use the datum until one of them fails.
func (g *ground) notices(t *testing.T, m mutant) bool {
	d := mustDialect(t, g.dialect)
	m.change(d)
	b := newBench(t, d, emulator.Options{})
	defer b.stop()
	// The subject keeps the sound dialect: what is wrong is the server.
	b.subject.Owner.Dialect, b.subject.Other.Dialect = mustDialect(t, g.dialect), mustDialect(t, g.dialect)
	for i, c := range g.cases {
		if _, uses := g.reached[i][emulator.Datum+m.reach]; m.reach != "" && !uses {
			continue
		}
		if out := b.run(c); len(out.Broken) > 0 || out.Blocked != "" {
			return true
		}
	}
	return false
}

func mutants(d *dialect.Dialect, g *ground) (list []mutant) {
	for code := range d.Codes {
		reach := "code " + code
		if g.anyReaches(emulator.Datum + reach) {
			list = append(list, mutant{"the status of " + code, reach, func(d *dialect.Dialect) {
				a := d.Codes[code]
				a.Status++
				d.Codes[code] = a
			}})
		}
	}
	list = append(list, refusals(d, g)...)
	list = append(list, texts()...)
	list = append(list, limits(d)...)
	slices.SortFunc(list, func(a, b mutant) int { return strings.Compare(a.name, b.name) })
	return list
}

func refusals(d *dialect.Dialect, g *ground) (list []mutant) {
	for form, rows := range d.Refusals {
		for reason := range rows {
			where := "header"
			if form.Presigned {
				where = "query"
			}
			reach := fmt.Sprintf("refusal %s %s %s", form.Scheme, where, reason)
			if form.Posted || !g.anyReaches(emulator.Datum+reach) {
				continue
			}
			change := func(f func(*dialect.Refused)) func(*dialect.Dialect) {
				return func(d *dialect.Dialect) { edit(d, form, reason, f) }
			}
			list = append(list,
				mutant{"the status of " + reach, reach, change(func(r *dialect.Refused) { r.Status++ })},
				mutant{"the code of " + reach, reach, change(func(r *dialect.Refused) { r.Code += "X" })})
		}
	}
	return list
}

func edit(d *dialect.Dialect, form dialect.Form, reason sign.Reason, f func(*dialect.Refused)) {
	r := d.Refusals[form][reason]
	f(&r)
	d.Refusals[form][reason] = r
}

// texts are the names that every reply or object depends on.
func texts() []mutant {
	return []mutant{
		{"the name of the request id field", "", func(d *dialect.Dialect) { d.RequestID += "x" }},
		{"the prefix of user metadata", "", func(d *dialect.Dialect) { d.Meta = strings.TrimSuffix(d.Meta, "-") + "x-" }},
		{"the type of error bodies", "", func(d *dialect.Dialect) { d.Type = "text/plain" }},
		{"the length of keys", "", func(d *dialect.Dialect) { d.Keys.Max++ }},
		{"the code of a long key", "", func(d *dialect.Dialect) { d.Keys.LongCode += "X" }},
	}
}

// used are the limits that the done chapters speak of.
var used = []string{"ListKeys", "ListDefault", "PutSize", "AppendSize", "MetaSize", "MetaValue", "Skew", "MaxExpires"}

func limits(d *dialect.Dialect) (list []mutant) {
	for _, name := range used {
		if n := reflect.ValueOf(d.Limits).FieldByName(name).Int(); n == 0 {
			continue
		}
		list = append(list, mutant{"the limit " + name, "", func(d *dialect.Dialect) {
			f := reflect.ValueOf(&d.Limits).Elem().FieldByName(name)
			f.SetInt(f.Int() + 1)
		}})
	}
	return list
}
