package clause

import (
	"encoding/binary"
	"fmt"
)

// Reading the catalogue's YAML takes a noticeable part of a second, and the
// program is started often. Therefore the registry is kept packed as well:
// counts and lengths as uvarints, texts as they are, so that unpacking only
// cuts strings out of the program's own image.

// pack writes the names of the chapters and the clauses in the packed form.
func pack(order []string, all []Clause) []byte {
	var p packer
	p.number(len(order))
	p.texts(order...)
	p.number(len(all))
	for i := range all {
		c := &all[i]
		p.texts(c.ID, c.Dialect, c.Source, c.Operation, string(c.Level), c.Kind, c.Text, c.Given, c.When, c.Then,
			string(c.Testable), string(c.Confidence), c.SupersededBy, c.Note, c.Chapter, string(c.Severity))
		p.number(len(c.Accept))
		for _, a := range c.Accept {
			p.number(int(a.Status))
			p.texts(a.Code, a.Value, a.Source)
			p.number(len(a.Cases))
			for _, n := range a.Cases {
				p.number(n)
			}
		}
	}
	return p
}

type packer []byte

func (p *packer) number(n int) { *p = binary.AppendUvarint(*p, uint64(n)) }

func (p *packer) texts(all ...string) {
	for _, s := range all {
		p.number(len(s))
		*p = append(*p, s...)
	}
}

// unpack reads what pack wrote.
func unpack(text string) (order []string, all []Clause, err error) {
	u := unpacker{rest: text}
	order = make([]string, u.count())
	for i := range order {
		u.texts(&order[i])
	}
	all = make([]Clause, u.count())
	for i := range all {
		c := &all[i]
		var level, testable, confidence, severity string
		u.texts(&c.ID, &c.Dialect, &c.Source, &c.Operation, &level, &c.Kind, &c.Text, &c.Given, &c.When, &c.Then,
			&testable, &confidence, &c.SupersededBy, &c.Note, &c.Chapter, &severity)
		c.Level, c.Testable = Level(level), Testable(testable)
		c.Confidence, c.Severity = Confidence(confidence), Severity(severity)
		c.Accept = u.answers()
	}
	if u.bad || u.rest != "" {
		return nil, nil, fmt.Errorf("clause: catalogue.bin does not end where it should; run go generate ./internal/clause")
	}
	return order, all, nil
}

type unpacker struct {
	rest string
	bad  bool
}

// number reads a uvarint of at most 28 bits, far more than any length here.
func (u *unpacker) number() int {
	var n uint64
	for shift := 0; shift < 28 && u.rest != ""; shift += 7 {
		b := u.rest[0]
		u.rest = u.rest[1:]
		n |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return int(n)
		}
	}
	u.bad = true
	return 0
}

// count reads the length of a list, of which each element takes a byte at least.
func (u *unpacker) count() int {
	n := u.number()
	if n > len(u.rest) {
		u.bad = true
		return 0
	}
	return n
}

func (u *unpacker) texts(all ...*string) {
	for _, s := range all {
		n := u.count()
		*s, u.rest = u.rest[:n], u.rest[n:]
	}
}

func (u *unpacker) answers() []Answer {
	n := u.count()
	if n == 0 {
		return nil
	}
	all := make([]Answer, n)
	for i := range all {
		a := &all[i]
		a.Status = Status(u.number())
		u.texts(&a.Code, &a.Value, &a.Source)
		if n := u.count(); n > 0 {
			a.Cases = make([]int, n)
			for j := range a.Cases {
				a.Cases[j] = u.number()
			}
		}
	}
	return all
}
