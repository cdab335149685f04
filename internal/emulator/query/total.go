package query

import "strconv"

// Takes tells whether a record is one that the query asks for.
func (q *Query) Takes(r Record) bool { return q.where.worth == nil || q.where.worth(r).holds() }

// Sums adds up what the aggregates of a query ask for.
type Sums struct {
	q     *Query
	sums  []float64
	least []float64
	most  []float64
	count []int
}

// Sums begins to add up.
func (q *Query) Sums() *Sums {
	n := len(q.Columns)
	return &Sums{q: q, sums: make([]float64, n), least: make([]float64, n), most: make([]float64, n), count: make([]int, n)}
}

// Add takes a record in. Values that are no numbers do not count.
func (s *Sums) Add(r Record) {
	for i, c := range s.q.Columns {
		if c.of.worth == nil {
			s.count[i]++
			continue
		}
		v := c.of.worth(r)
		n, ok := v.number()
		if c.total == "count" && !v.Null {
			n, ok = 0, true
		}
		if !ok {
			continue
		}
		if s.count[i] == 0 || n < s.least[i] {
			s.least[i] = n
		}
		if s.count[i] == 0 || n > s.most[i] {
			s.most[i] = n
		}
		s.count[i]++
		s.sums[i] += n
	}
}

// Totals are the aggregates in the order of the columns, "" for one of nothing.
func (s *Sums) Totals() []string {
	var all []string
	for i, c := range s.q.Columns {
		n := map[string]float64{"count": float64(s.count[i]), "sum": s.sums[i], "min": s.least[i], "max": s.most[i]}[c.total]
		if c.total == "avg" && s.count[i] > 0 {
			n = s.sums[i] / float64(s.count[i])
		}
		text := strconv.FormatFloat(n, 'f', -1, 64)
		if s.count[i] == 0 && c.total != "count" {
			text = ""
		}
		all = append(all, text)
	}
	return all
}
