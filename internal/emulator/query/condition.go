package query

import (
	"fmt"
	"strconv"
	"strings"
)

// Record is a record: it gives the value at a path.
type Record interface {
	At(path []string) Value
}

// A Value is a text that may be a number; Null is that there is none.
type Value struct {
	Text string
	Null bool
}

// number is what a value is worth.
func (v Value) number() (float64, bool) {
	n, err := strconv.ParseFloat(strings.TrimSpace(v.Text), 64)
	return n, err == nil && !v.Null
}

func truth(ok bool) Value {
	if ok {
		return Value{Text: "true"}
	}
	return Value{Text: "false"}
}

func (v Value) holds() bool { return !v.Null && v.Text == "true" }

// An expr is worth something in every record. Whether it is a number by how it
// was written decides how it compares.
type expr struct {
	worth   func(Record) Value
	numeric bool
}

func (p *parser) or() (expr, error) { return p.joined("or", p.and) }

func (p *parser) and() (expr, error) { return p.joined("and", p.not) }

// joined is a chain of conditions of which one, or each, must hold.
func (p *parser) joined(word string, part func() (expr, error)) (expr, error) {
	left, err := part()
	for err == nil && p.take(word) {
		var right expr
		a := left
		right, err = part()
		if word == "or" {
			left = expr{worth: func(r Record) Value { return truth(a.worth(r).holds() || right.worth(r).holds()) }}
		} else {
			left = expr{worth: func(r Record) Value { return truth(a.worth(r).holds() && right.worth(r).holds()) }}
		}
	}
	return left, err
}

func (p *parser) not() (expr, error) {
	if !p.take("not") {
		return p.comparison()
	}
	e, err := p.comparison()
	return expr{worth: func(r Record) Value { return truth(!e.worth(r).holds()) }}, err
}

// compares are the outcomes of a comparison that each sign takes for true.
var compares = map[string]string{"=": "=", "!=": "<>", "<>": "<>", "<": "<", ">": ">", "<=": "<=", ">=": ">="}

func (p *parser) comparison() (expr, error) {
	left, err := p.sum()
	if err != nil {
		return left, err
	}
	sign := p.peek()
	if outcomes, ok := compares[sign.text]; ok && sign.kind == 'p' {
		p.next()
		right, err := p.sum()
		return expr{worth: func(r Record) Value { return truth(compared(left, right, r, outcomes)) }}, err
	}
	no := p.take("not")
	switch {
	case p.take("like"):
		t := p.next()
		if t.kind != 's' {
			return left, fmt.Errorf("%w: a text expected behind like", ErrSyntax)
		}
		return expr{worth: func(r Record) Value { v := left.worth(r); return truth(!v.Null && alike(v.Text, t.text) != no) }}, nil
	case no:
		return left, fmt.Errorf("%w: like expected behind not", ErrSyntax)
	case p.take("is"):
		no = p.take("not")
		return expr{worth: func(r Record) Value { return truth(left.worth(r).Null != no) }}, p.must("null")
	}
	return left, nil
}

// compared compares as numbers where one of both was written as one.
func compared(a, b expr, r Record, outcomes string) bool {
	x, y := a.worth(r), b.worth(r)
	if x.Null || y.Null {
		return false
	}
	order := strings.Compare(x.Text, y.Text)
	if a.numeric || b.numeric {
		m, ok := x.number()
		n, also := y.number()
		if !ok || !also {
			return false
		}
		switch {
		case m < n:
			order = -1
		case m > n:
			order = 1
		default:
			order = 0
		}
	}
	return strings.Contains(outcomes, string("<=>"[order+1]))
}

// alike tells whether a text is what a pattern says, in which % is any text and
// _ any letter.
func alike(text, pattern string) bool {
	t, p := []rune(text), []rune(pattern)
	star, back, i, j := -1, 0, 0, 0
	for i < len(t) {
		switch {
		case j < len(p) && p[j] == '%':
			star, back = j, i
			j++
		case j < len(p) && (p[j] == '_' || p[j] == t[i]):
			i, j = i+1, j+1
		case star >= 0:
			back++
			i, j = back, star+1
		default:
			return false
		}
	}
	return strings.Trim(string(p[j:]), "%") == ""
}

// sum is a chain of terms; || joins texts.
func (p *parser) sum() (expr, error) { return p.chain([]string{"||", "+", "-"}, p.product) }

func (p *parser) product() (expr, error) { return p.chain([]string{"*", "/", "%"}, p.primary) }

func (p *parser) chain(words []string, part func() (expr, error)) (expr, error) {
	left, err := part()
	for err == nil {
		sign := ""
		for _, w := range words {
			if p.take(w) {
				sign = w
				break
			}
		}
		if sign == "" {
			break
		}
		var right expr
		a := left
		right, err = part()
		left = expr{worth: func(r Record) Value { return reckoned(sign, a.worth(r), right.worth(r)) }, numeric: sign != "||"}
	}
	return left, err
}

// reckoned is what a sign makes of two values; nothing, where it can make none.
func reckoned(sign string, a, b Value) Value {
	if sign == "||" {
		return Value{Text: a.Text + b.Text, Null: a.Null || b.Null}
	}
	x, ok := a.number()
	y, also := b.number()
	if !ok || !also || y == 0 && (sign == "/" || sign == "%") {
		return Value{Null: true}
	}
	switch sign {
	case "+":
		x += y
	case "-":
		x -= y
	case "*":
		x *= y
	case "/":
		x /= y
	case "%":
		x -= y * float64(int64(x/y))
	}
	return Value{Text: strconv.FormatFloat(x, 'f', -1, 64)}
}

func (p *parser) primary() (e expr, err error) {
	if p.deep++; p.deep > depth {
		return e, fmt.Errorf("%w: more than %d conditions in one another", ErrSyntax, depth)
	}
	defer func() { p.deep-- }()
	t := p.peek()
	switch {
	case p.take("("):
		if e, err = p.or(); err == nil {
			err = p.must(")")
		}
		return e, err
	case t.is("cast"):
		return p.cast()
	case t.kind == 'n' || t.kind == 's':
		p.next()
		v := Value{Text: t.text}
		return expr{worth: func(Record) Value { return v }, numeric: t.kind == 'n'}, nil
	}
	path, err := p.path()
	if err == nil && p.peek().is("(") {
		err = fmt.Errorf("%w: no function %s here", ErrSyntax, path[0])
	}
	return expr{worth: func(r Record) Value { return r.At(path) }}, err
}

// cast is cast(x as int), and the like.
func (p *parser) cast() (e expr, err error) {
	p.next()
	if err = p.must("("); err != nil {
		return e, err
	}
	of, err := p.sum()
	if err == nil {
		err = p.must("as")
	}
	kind := strings.ToLower(p.next().text)
	if err == nil {
		err = p.must(")")
	}
	switch kind {
	case "int", "integer", "bigint":
		return expr{worth: func(r Record) Value { return whole(of.worth(r)) }, numeric: true}, err
	case "double", "float", "decimal", "numeric":
		return expr{worth: of.worth, numeric: true}, err
	case "string", "varchar", "timestamp", "bool", "boolean":
		return expr{worth: of.worth}, err
	}
	return e, fmt.Errorf("%w: no type %q", ErrSyntax, kind)
}

// whole is a number without its fraction.
func whole(v Value) Value {
	n, ok := v.number()
	if !ok {
		return Value{Null: true}
	}
	return Value{Text: strconv.FormatInt(int64(n), 10)}
}
