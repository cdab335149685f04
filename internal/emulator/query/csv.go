package query

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
)

// CSV says how the records of an object are written.
type CSV struct {
	Field, Record  string // what parts fields and records; "" for a comma and the end of a line
	Quote, Comment string // one letter each; "" for a double quote, and for no comments
	Names          bool   // the first record holds the names of the columns
	Skip           bool   // the first record is left out
	First, Last    int    // records that are read, from 0; Last below 0 reads all
	Whole          bool   // records that lack a column are left out
}

// Output says how records are answered.
type Output struct {
	Field, Record string // as in CSV; JSON has none but Record
	Names         bool   // begin with the names of the columns
	All           bool   // columns that are not selected are answered empty
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// csvRecord is a record: its fields as they are written, and where each name
// stands.
type csvRecord struct {
	fields []string
	names  []string
	quote  string
}

// index is where a column stands, -1 for none.
func (r csvRecord) index(path []string) int {
	if len(path) == 0 {
		return -1
	}
	name := path[len(path)-1]
	if n, err := strconv.Atoi(strings.TrimPrefix(name, "_")); err == nil && name[0] == '_' && n > 0 {
		return n - 1
	}
	return slices.IndexFunc(r.names, func(have string) bool { return strings.EqualFold(have, name) })
}

// At is Record.At.
func (r csvRecord) At(path []string) Value {
	i := r.index(path)
	if i < 0 || i >= len(r.fields) {
		return Value{Null: true}
	}
	return Value{Text: unquoted(r.fields[i], r.quote)}
}

func unquoted(field, quote string) string {
	inner, ok := strings.CutPrefix(field, quote)
	if !ok {
		return field
	}
	return strings.ReplaceAll(strings.TrimSuffix(inner, quote), quote+quote, quote)
}

// cut parts a text at what stands outside of quotes.
func cut(text, at, quote string) (parts []string) {
	inside, from := false, 0
	for i := 0; i < len(text); {
		switch {
		case strings.HasPrefix(text[i:], quote):
			inside = !inside
			i += len(quote)
		case !inside && strings.HasPrefix(text[i:], at):
			parts = append(parts, text[from:i])
			i += len(at)
			from = i
		default:
			i++
		}
	}
	return append(parts, text[from:])
}

// records are the records of a text.
func (f CSV) records(text string) []string {
	all := cut(text, orElse(f.Record, "\n"), orElse(f.Quote, `"`))
	if n := len(all); n > 0 && all[n-1] == "" {
		all = all[:n-1]
	}
	if f.Comment != "" {
		all = slices.DeleteFunc(all, func(r string) bool { return strings.HasPrefix(r, f.Comment) })
	}
	return all
}

// Count is the number of records of a text, and of columns in the first.
func (f CSV) Count(text string) (rows, columns int) {
	all := f.records(text)
	if len(all) == 0 {
		return 0, 0
	}
	return len(all), len(cut(all[0], orElse(f.Field, ","), orElse(f.Quote, `"`)))
}

// CSV answers what the query selects of a text.
func (q *Query) CSV(text string, f CSV, o Output) []byte {
	var b bytes.Buffer
	quote, field := orElse(f.Quote, `"`), orElse(f.Field, ",")
	o.Field, o.Record = orElse(o.Field, ","), orElse(o.Record, "\n")
	all := f.records(text)
	r := csvRecord{quote: quote}
	if f.Names && len(all) > 0 {
		for _, name := range cut(all[0], field, quote) {
			r.names = append(r.names, unquoted(name, quote))
		}
		if o.Names && !q.Totals() {
			q.writeCSV(&b, csvRecord{r.names, r.names, quote}, o)
		}
	}
	first := 0 // the line of names counts
	if (f.Names || f.Skip) && len(all) > 0 {
		all, first = all[1:], 1
	}
	sums, told := q.Sums(), 0
	for n, line := range all {
		r.fields = cut(line, field, quote)
		switch {
		case f.Last >= 0 && (n+first < f.First || n+first > f.Last), !q.Takes(r), f.Whole && q.lacks(r):
		case q.Limit >= 0 && told == q.Limit:
		case q.Totals():
			sums.Add(r)
		default:
			told++
			q.writeCSV(&b, r, o)
		}
	}
	if q.Totals() {
		b.WriteString(strings.Join(sums.Totals(), o.Field) + o.Record)
	}
	return b.Bytes()
}

// lacks tells whether a record has not all columns that are selected.
func (q *Query) lacks(r csvRecord) bool {
	return slices.ContainsFunc(q.Columns, func(c Column) bool { i := r.index(c.Path); return i < 0 || i >= len(r.fields) })
}

func (q *Query) writeCSV(b *bytes.Buffer, r csvRecord, o Output) {
	fields := r.fields
	if len(q.Columns) > 0 {
		fields = nil
		if o.All {
			fields = make([]string, len(r.fields))
		}
		for _, c := range q.Columns {
			i, text := r.index(c.Path), ""
			if i >= 0 && i < len(r.fields) {
				text = r.fields[i]
			}
			switch {
			case !o.All:
				fields = append(fields, text)
			case i >= 0 && i < len(fields):
				fields[i] = text
			}
		}
	}
	b.WriteString(strings.Join(fields, o.Field) + o.Record)
}
