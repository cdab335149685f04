// Package query is the SQL that object stores run over one object: a select of
// columns or aggregates of the records of a CSV or JSON object, with a condition.
// It knows no HTTP.
package query

import (
	"errors"
	"fmt"
	"strings"
)

// ErrSyntax says that a text is no query of the kind that is known.
var ErrSyntax = errors.New("query: not a select of this kind")

// A token is a word, a name in double quotes, a number, a text in single quotes
// or a sign.
type token struct {
	kind byte // 'w', 'n', 's' for a text, 'p' for a sign, 0 for the end
	text string
}

// is tells whether a token is this sign, or this word in letters of any case.
func (t token) is(text string) bool {
	return t.kind == 'p' && t.text == text || t.kind == 'w' && strings.EqualFold(t.text, text)
}

// signs are those of more than one letter first.
var signs = []string{"||", "<>", "!=", "<=", ">=", "=", "<", ">", "(", ")", ",", "*", "+", "-", "/", "%", ".", "[", "]"}

func lex(text string) (tokens []token, err error) {
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimLeft(text, " \t\r\n") {
		t, n, err := first(text)
		if err != nil {
			return nil, err
		}
		tokens, text = append(tokens, t), text[n:]
	}
	return append(tokens, token{}), nil
}

// first is the token that a text begins with, and its length.
func first(text string) (token, int, error) {
	switch c := text[0]; {
	case c == '\'' || c == '"':
		return quoted(text, c)
	case digit(c):
		n := span(text, func(c byte) bool { return digit(c) || c == '.' })
		return token{'n', text[:n]}, n, nil
	case wordy(c):
		n := span(text, wordy)
		return token{'w', text[:n]}, n, nil
	}
	for _, s := range signs {
		if strings.HasPrefix(text, s) {
			return token{'p', s}, len(s), nil
		}
	}
	return token{}, 0, fmt.Errorf("%w: %.20q", ErrSyntax, text)
}

// quoted reads a text in quotes, which stand twice where they are meant.
func quoted(text string, quote byte) (token, int, error) {
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] != quote:
			b.WriteByte(text[i])
		case i+1 < len(text) && text[i+1] == quote:
			b.WriteByte(quote)
			i++
		case quote == '\'':
			return token{'s', b.String()}, i + 1, nil
		default:
			return token{'w', b.String()}, i + 1, nil
		}
	}
	return token{}, 0, fmt.Errorf("%w: %.20q does not end", ErrSyntax, text)
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

func wordy(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || digit(c) || c == '_' || c >= 0x80
}

func span(text string, in func(byte) bool) int {
	n := 0
	for n < len(text) && in(text[n]) {
		n++
	}
	return n
}
