package query

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A Query is a select over the records of an object.
type Query struct {
	Columns []Column // none: all that there are
	Of      []string // path to the records in a JSON document; "*" for each of a list
	Limit   int      // records at most; -1 for all
	where   expr     // worth nil: every record
}

// A Column is a part of a record, or an aggregate over all of them.
type Column struct {
	Path  []string // empty for an aggregate
	Name  string   // in what is answered
	total string   // avg, count, max, min, sum; "" for a part
	of    expr     // what is added up; worth nil for count(*)
}

// Totals tells whether the query asks for aggregates: it then answers one record.
func (q *Query) Totals() bool { return len(q.Columns) > 0 && q.Columns[0].total != "" }

// depth bounds how deep conditions may stand in one another.
const depth = 64

type parser struct {
	tokens []token
	deep   int
}

// Parse reads a query. The error is ErrSyntax.
func Parse(text string) (*Query, error) {
	tokens, err := lex(text)
	if err != nil {
		return nil, err
	}
	p := &parser{tokens: tokens}
	q := &Query{Limit: -1}
	for _, step := range []func(*Query) error{p.columns, p.from, p.condition, p.limit, p.end} {
		if err := step(q); err != nil {
			return nil, err
		}
	}
	return q, nil
}

func (p *parser) peek() token { return p.tokens[0] }

func (p *parser) next() token {
	t := p.tokens[0]
	if t.kind != 0 {
		p.tokens = p.tokens[1:]
	}
	return t
}

// take takes a token that is text, if it comes next.
func (p *parser) take(text string) bool {
	if p.peek().is(text) {
		p.next()
		return true
	}
	return false
}

func (p *parser) must(text string) error {
	if !p.take(text) {
		return fmt.Errorf("%w: %s expected before %q", ErrSyntax, text, p.peek().text)
	}
	return nil
}

func (p *parser) end(*Query) error {
	if t := p.peek(); t.kind != 0 {
		return fmt.Errorf("%w: nothing expected behind the query, got %q", ErrSyntax, t.text)
	}
	return nil
}

func (p *parser) columns(q *Query) error {
	if err := p.must("select"); err != nil {
		return err
	}
	if p.take("*") {
		return nil
	}
	for {
		c, err := p.column(len(q.Columns) + 1)
		if err != nil {
			return err
		}
		q.Columns = append(q.Columns, c)
		if !p.take(",") {
			break
		}
	}
	for _, c := range q.Columns {
		if (c.total != "") != q.Totals() {
			return fmt.Errorf("%w: aggregates and columns in one select", ErrSyntax)
		}
	}
	return nil
}

var totals = []string{"avg", "count", "max", "min", "sum"}

func (p *parser) column(number int) (c Column, err error) {
	word := strings.ToLower(p.peek().text)
	if slices.Contains(totals, word) && len(p.tokens) > 1 && p.tokens[1].is("(") {
		p.next()
		p.next()
		c.total, c.Name = word, "_"+strconv.Itoa(number)
		if word != "count" || !p.take("*") {
			if c.of, err = p.sum(); err != nil {
				return c, err
			}
		}
		err = p.must(")")
	} else if c.Path, err = p.path(); err == nil {
		c.Name = c.Path[len(c.Path)-1]
	}
	if err == nil && p.take("as") {
		c.Name = p.next().text
	}
	return c, err
}

// keywords name no column.
var keywords = []string{"select", "from", "where", "and", "or", "not", "like", "in", "is", "between", "group", "order", "join", "limit", "as", "cast"}

// path is the name of a column, or of a part of one: a.b[0].c
func (p *parser) path() (path []string, err error) {
	for {
		t := p.next()
		if t.kind != 'w' || slices.ContainsFunc(keywords, t.is) {
			return nil, fmt.Errorf("%w: the name of a column expected, got %q", ErrSyntax, t.text)
		}
		path = append(path, t.text)
		for p.take("[") {
			at := p.next()
			if at.kind != 'n' && !at.is("*") {
				return nil, fmt.Errorf("%w: a number expected, got %q", ErrSyntax, at.text)
			}
			path = append(path, at.text)
			if err := p.must("]"); err != nil {
				return nil, err
			}
		}
		if !p.take(".") {
			return path, nil
		}
	}
}

func (p *parser) from(q *Query) error {
	if err := p.must("from"); err != nil {
		return err
	}
	path, err := p.path()
	if err != nil || !strings.EqualFold(path[0], "ossobject") {
		return fmt.Errorf("%w: ossobject expected behind from", ErrSyntax)
	}
	q.Of = path[1:]
	return nil
}

func (p *parser) condition(q *Query) (err error) {
	if p.take("where") {
		q.where, err = p.or()
	}
	return err
}

func (p *parser) limit(q *Query) (err error) {
	if p.take("limit") {
		if q.Limit, err = strconv.Atoi(p.next().text); err != nil || q.Limit < 0 {
			return fmt.Errorf("%w: a number expected behind limit", ErrSyntax)
		}
	}
	return nil
}
