package dialect

import (
	"fmt"
	"iter"
	"strconv"
	"strings"

	"objectharness/internal/sign"
)

// lines walks over the lines of a data file with their numbers, without blank
// ones and comments.
func lines(table string) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		n := 0
		for line := range strings.SplitSeq(table, "\n") {
			n++
			line = strings.TrimRight(line, "\r ")
			if line != "" && line[0] != '#' && !yield(n, line) {
				return
			}
		}
	}
}

// rows is lines cut at tabs; every row must have want columns.
func rows(what, table string, want int) ([][]string, error) {
	var out [][]string
	for n, line := range lines(table) {
		col := strings.Split(line, "\t")
		if len(col) != want {
			return nil, fmt.Errorf("dialect: %s, line %d: got %d columns, want %d", what, n, len(col), want)
		}
		out = append(out, col)
	}
	return out, nil
}

// ParseCodes reads a table of error codes: code, status, source and message,
// parted by tabs.
func ParseCodes(table string) (map[string]Answer, error) {
	all, err := rows("codes", table, 4)
	if err != nil {
		return nil, err
	}
	codes := make(map[string]Answer, len(all))
	for _, row := range all {
		status, err := strconv.Atoi(row[1])
		if err != nil {
			return nil, fmt.Errorf("dialect: codes: %s: status: %w", row[0], err)
		}
		if _, twice := codes[row[0]]; twice {
			return nil, fmt.Errorf("dialect: codes: %s stands there twice", row[0])
		}
		codes[row[0]] = Answer{Status: status, Message: row[3]}
	}
	return codes, nil
}

// A Form is one way of sending a signature: a scheme (sign.Scheme.Name) in the
// Authorization field, in the URL, or in a browser form.
type Form struct {
	Scheme    string
	Presigned bool // in the URL
	Posted    bool // in a form
}

// A Refused is the answer to a refused signature.
type Refused struct {
	Status  int
	Code    string
	Source  string // clause, or why this answer was chosen
	Message string // "" for the message of the code
}

// ParseRefusals reads a table of refusals: scheme, place (header, query
// or form), reason, status, code, source and message, parted by tabs; a dash stands for no
// message of its own.
func ParseRefusals(table string) (map[Form]map[sign.Reason]Refused, error) {
	all, err := rows("refusals", table, 7)
	if err != nil {
		return nil, err
	}
	refusals := map[Form]map[sign.Reason]Refused{}
	for _, row := range all {
		status, err := strconv.Atoi(row[3])
		if err != nil {
			return nil, fmt.Errorf("dialect: refusals: %s %s: status: %w", row[0], row[2], err)
		}
		form := Form{Scheme: row[0], Presigned: row[1] == "query", Posted: row[1] == "form"}
		if row[1] != "header" && !form.Presigned && !form.Posted {
			return nil, fmt.Errorf("dialect: refusals: %s %s: place %q is none of header, query, form", row[0], row[2], row[1])
		}
		if refusals[form] == nil {
			refusals[form] = map[sign.Reason]Refused{}
		}
		refusals[form][sign.Reason(row[2])] = Refused{status, row[4], row[5], strings.TrimPrefix(row[6], "-")}
	}
	return refusals, nil
}

// Refuse is the documented answer to a refused signature, with its message. A
// reason that has no row is answered with 403 AccessDenied.
func (d *Dialect) Refuse(form Form, reason sign.Reason) Refused {
	r, ok := d.Refusals[form][reason]
	if !ok {
		r = Refused{Status: 403, Code: "AccessDenied", Source: "no row"}
	}
	if r.Message == "" {
		r.Message = d.Codes[r.Code].Message
	}
	return r
}

// Must returns v, and panics on an error: for data that is compiled in, which
// tests have read.
func Must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
