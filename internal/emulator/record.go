package emulator

import (
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"objectharness/internal/clause"
)

// RecordMax is how many requests a record keeps; more are counted.
const RecordMax = 10_000

// A Record keeps what arrived since it was last taken, what was answered, and
// on which rules the answers rested. It is safe for concurrent use.
type Record struct {
	mu    sync.Mutex
	rules map[string]bool
	taken Taken
}

// Taken is what a record holds, as JSON of GET /record.
type Taken struct {
	Requests []Arrived `json:"requests"`
	Beyond   int       `json:"beyond"`  // requests that were not kept
	Clauses  []string  `json:"clauses"` // behind the rules that decided the answers, sorted
	Of       int       `json:"of"`      // clauses behind all rules of the dialect
}

// Arrived is a request and its answer.
type Arrived struct {
	Method    string `json:"method"`
	Target    string `json:"target"`
	Operation string `json:"operation"` // "" for none
	Status    int    `json:"status"`
	// Of a refusal: its code, the rule that refused ("" where no document speaks of
	// it), the clauses behind that, and whether they bear this answer out.
	Code       string   `json:"code,omitempty"`
	Rule       string   `json:"rule,omitempty"`
	Clauses    []string `json:"clauses,omitempty"`
	Documented bool     `json:"documented,omitempty"`
}

// reach notes the rule of a deviation that would have changed an answer.
func (r *Record) reach(deviation string) {
	if strings.HasPrefix(deviation, Datum) || strings.HasPrefix(deviation, Unknown) {
		return
	}
	rule, _, _ := strings.Cut(deviation, ":")
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.rules == nil {
		r.rules = map[string]bool{}
	}
	r.rules[rule] = true
}

// add notes a request that has its answer.
func (r *Record) add(c *call) {
	a := Arrived{Method: c.in.Method, Target: c.in.Target, Operation: c.kind, Status: c.reply.Status}
	if f := c.refused; f != nil {
		a.Code, a.Rule = f.said.Code, f.rule
		a.Clauses = c.e.rules.known[f.rule].By[c.e.d.Name]
		a.Documented = documented(a)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.taken.Requests) == RecordMax {
		r.taken.Beyond++
		return
	}
	r.taken.Requests = append(r.taken.Requests, a)
}

// refusing is a status with which a clause says that something is refused.
var refusing = regexp.MustCompile(`\b[345][0-9][0-9]\b`)

// documented tells whether a clause of a refusal speaks of its code or of its
// status, or has it among the answers that it accepts; or none says how to refuse.
func documented(a Arrived) bool {
	all, err := clause.Load()
	if err != nil {
		return false
	}
	silent := len(a.Clauses) > 0
	for _, id := range a.Clauses {
		c := all.Get(id)
		if c == nil {
			continue
		}
		said := refusing.FindAllString(c.Text+" "+c.Then, -1)
		if strings.Contains(c.Text+c.Then, a.Code) || slices.Contains(said, strconv.Itoa(a.Status)) ||
			slices.ContainsFunc(c.Accept, func(one clause.Answer) bool { return one.Matches(a.Status, a.Code, 0) }) {
			return true
		}
		silent = silent && len(said) == 0
	}
	return silent
}

// take is what the record holds; it begins anew.
func (r *Record) take(dialect string) Taken {
	known, _ := registry() // an emulator that runs has read it
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.taken
	t.Clauses = recordedClauses(known, dialect, func(rule string) bool { return r.rules[rule] })
	t.Of = len(recordedClauses(known, dialect, func(string) bool { return true }))
	if t.Requests == nil {
		t.Requests = []Arrived{}
	}
	r.taken, r.rules = Taken{}, nil
	return t
}

// recordedClauses lists the clauses of a dialect that the rules among known rest on.
func recordedClauses(known map[string]clause.Rule, dialect string, among func(rule string) bool) []string {
	found := map[string]bool{}
	for name, rule := range known {
		if !among(name) {
			continue
		}
		for _, id := range rule.By[dialect] {
			found[id] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// record answers GET /record.
func (c *Control) record(w http.ResponseWriter, _ *http.Request) {
	if c.options.Record == nil {
		http.Error(w, "nothing is recorded: harness serve --record does", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(c.options.Record.take(c.dialect.Name)) // whoever asked has gone
}
