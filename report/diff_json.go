package report

import (
	"encoding/json"
	"fmt"
	"io"
)

// The JSON of a comparison.
type (
	diffModel struct {
		Schema   int           `json:"schema"`
		Gate     string        `json:"gate"` // why the last run is no replacement for the first; "" when it is one
		Runs     []diffRun     `json:"runs"`
		Same     int           `json:"same"`
		Cases    []diffCase    `json:"cases"`
		Clauses  []diffClause  `json:"clauses"`
		Clusters []diffCluster `json:"clusters"`
		Common   []diffCommon  `json:"common"`
		Loads    []diffLoad    `json:"loads"`
	}
	diffRun struct {
		Name        string       `json:"name"`
		Started     string       `json:"started"`
		Targets     []Target     `json:"targets"`
		Profile     string       `json:"profile"`
		Total       Summary      `json:"total"`
		Hold        int          `json:"clauses_hold"`
		Selected    int          `json:"clauses_selected"`
		Comparisons []Comparison `json:"comparisons"`
	}
	diffCase struct {
		ID          string       `json:"id"`
		Clauses     []string     `json:"clauses"`
		Change      Change       `json:"change"`
		Verdicts    []Verdict    `json:"verdicts"`   // by run, "" where the case is missing
		Behaviours  []*Behaviour `json:"behaviours"` // by run
		Differences [][]string   `json:"differences"`
		Why         string       `json:"why"`
	}
	diffClause struct {
		ID       string    `json:"id"`
		Change   Change    `json:"change"`
		Verdicts []Verdict `json:"verdicts"`
	}
	diffCluster struct {
		Dialect string   `json:"dialect"`
		Cause   string   `json:"cause"`
		Counts  []int    `json:"counts"`
		Cases   []string `json:"cases"`
		Clauses []string `json:"clauses"`
	}
	diffCommon struct {
		Run   string `json:"run"`
		Text  string `json:"text"`
		Cases int    `json:"cases"`
	}
	diffLoad struct {
		Dialect   string  `json:"dialect"`
		Operation string  `json:"operation"`
		Keys      string  `json:"keys"`
		RateRPS   float64 `json:"rate_rps"`
		Loads     []*Load `json:"loads"` // by run
	}
)

// WriteJSON writes the comparison for other programs. Lists are never null.
func (d *Diff) WriteJSON(w io.Writer) error {
	m := diffModel{Schema: Schema, Gate: d.Gate(), Runs: []diffRun{}, Same: d.Same, Cases: []diffCase{}, Clauses: []diffClause{},
		Clusters: []diffCluster{}, Common: []diffCommon{}, Loads: []diffLoad{}}
	for i, run := range d.Runs {
		filled := *run
		filled.fill()
		score := run.Score()
		m.Runs = append(m.Runs, diffRun{d.Names[i], run.Started.UTC().Format("2006-01-02T15:04:05Z"), filled.Targets, run.Profile, run.Total(),
			score.Hold, score.Selected, filled.Comparisons})
	}
	for _, c := range d.Cases {
		fill(&c.Clauses)
		c.Differences = filled(c.Differences, func(list *[]string) { fill(list) })
		c.Behaviours = filled(c.Behaviours, fillBehaviour)
		m.Cases = append(m.Cases, diffCase{c.ID, c.Clauses, c.Change, c.Verdicts, c.Behaviours, c.Differences, c.Why})
	}
	for _, c := range d.Clauses {
		m.Clauses = append(m.Clauses, diffClause{c.ID, c.Change, c.Verdicts})
	}
	for _, g := range d.Clusters {
		fill(&g.Clauses)
		m.Clusters = append(m.Clusters, diffCluster(g))
	}
	for _, c := range d.Common {
		m.Common = append(m.Common, diffCommon{d.Names[c.Run], c.Text, c.Cases})
	}
	for _, l := range d.Loads {
		loads := filled(l.Loads, fillLoad)
		m.Loads = append(m.Loads, diffLoad{l.Dialect, l.Operation, l.Keys, l.Rate, loads})
	}
	text, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return fmt.Errorf("report: encoding the comparison: %w", err)
	}
	_, err = w.Write(append(text, '\n'))
	return err
}

// fillBehaviour puts a copy without nil lists in the place of a behaviour.
func fillBehaviour(b **Behaviour) {
	if *b != nil {
		whole := **b
		fill(&whole.Fields)
		*b = &whole
	}
}

// fillLoad does the same for a load.
func fillLoad(l **Load) {
	if *l != nil {
		whole := **l
		whole.fill()
		*l = &whole
	}
}
