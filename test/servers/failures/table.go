package main

import (
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// A row is one case that fails on one or more servers in the same way.
type row struct {
	id, got, curl string
	clauses       []string // that are broken
	servers       []string
	reasons       []string
}

const tableHead = `# Failures found on servers of others

Made by ` + "`test/servers/run --table`" + ` from a run of the suites. What came and the request are taken from the run; the reference is the source of the
clause that is broken, told at the end; the last column is what somebody made of it who read the run (` + "`reasons.tsv`" + `). What was also
tried with curl stands in docs/targets.md.

` + sumHead

const sumHead = "| server | cases | passed | failed | warned | other |\n|---|---|---|---|---|---|\n"

// table writes the failures of all runs.
func table(file string, runs []string, w io.Writer) error {
	why, err := readReasons(file)
	if err != nil {
		return err
	}
	rows, heads, sources, err := gather(why, runs)
	if err != nil {
		return err
	}
	fmt.Fprint(w, tableHead, strings.Join(heads, "\n"),
		"\n\n| case | server | what came | the request, signed by harness sign | broken | why |\n|---|---|---|---|---|---|\n")
	silent := 0
	for _, r := range rows {
		said := strings.Join(r.reasons, "; ")
		if said == "" {
			said = "**no reason yet**"
			silent++
		}
		fmt.Fprintf(w, "| `%s` | %s | %s | %s | %s | %s |\n", r.id, strings.Join(r.servers, ", "), cell(r.got), code(r.curl), strings.Join(r.clauses, ", "), cell(said))
	}
	fmt.Fprint(w, "\n| clause | level | confidence | reference |\n|---|---|---|---|\n")
	for _, id := range slices.Sorted(maps.Keys(sources)) {
		c := sources[id]
		fmt.Fprintf(w, "| %s | %s | %s | %s |\n", id, c.Level, c.Confidence, cell(c.Source))
	}
	_, err = fmt.Fprintf(w, "\n%d rows, %d without a reason.\n", len(rows), silent)
	return err
}

// gather joins the failures of all runs, sums up each run and finds the clauses that
// are broken.
func gather(why reasons, runs []string) (rows []row, heads []string, sources map[string]Clause, err error) {
	all, err := readNamed(runs)
	if err != nil {
		return nil, nil, nil, err
	}
	sources = map[string]Clause{}
	for _, one := range all {
		server, r := one.server, one.run
		heads = append(heads, summary(server, r))
		for _, c := range r.failed() {
			one := row{id: c.ID, got: plain(r, c.got()), curl: plain(r, c.curl()), servers: []string{server}}
			for _, clause := range r.broken(c) {
				one.clauses = append(one.clauses, clause.ID)
				sources[clause.ID] = clause
			}
			if text := why.of(server, c); text != "" {
				one.reasons = []string{text}
			}
			rows = add(rows, one)
		}
	}
	slices.SortStableFunc(rows, func(a, b row) int { return strings.Compare(a.id, b.id) })
	return rows, heads, sources, nil
}

// broken are the clauses that a case found broken.
func (r Run) broken(c Case) (all []Clause) {
	for _, clause := range r.Clauses {
		if c.breaks(clause.ID) {
			all = append(all, clause)
		}
	}
	return all
}

func add(rows []row, r row) []row {
	for i := range rows {
		if rows[i].id == r.id && rows[i].got == r.got {
			rows[i].servers = append(rows[i].servers, r.servers...)
			for _, text := range r.reasons {
				if !slices.Contains(rows[i].reasons, text) {
					rows[i].reasons = append(rows[i].reasons, text)
				}
			}
			return rows
		}
	}
	return append(rows, r)
}

func summary(server string, r Run) string {
	n := r.verdicts()
	rest := len(r.Cases) - n["passed"] - n["failed"] - n["warned"]
	return fmt.Sprintf("| %s | %d | %d | %d | %d | %d |", server, len(r.Cases), n["passed"], n["failed"], n["warned"], rest)
}

var (
	address = regexp.MustCompile(`\b0x[0-9a-f]{6,}\b`)
	spaces  = regexp.MustCompile(`\s+`)
)

// curl is the request that is judged, of the lines that make the case by hand; the
// report of the run has them all.
func (c Case) curl() string {
	_, judged, ok := strings.Cut(c.Curl, "# when\n")
	if !ok {
		return c.Curl
	}
	judged, _, _ = strings.Cut(judged, "\n#")
	if len(judged) > longest {
		return "(long: see the report of the run)"
	}
	return judged
}

// longest is how many bytes of a request a cell of the table holds.
const longest = 600

// plain takes out of a text what differs from run to run: the port, and the
// names that the run gave its bucket and its part of it.
func plain(r Run, s string) string {
	for _, t := range r.Targets {
		_, host, _ := strings.Cut(t.Endpoint, "://")
		s = strings.ReplaceAll(s, host, "HOST")
	}
	if name := r.name(); name != "" {
		s = regexp.MustCompile(name+`(-[0-9a-f]{8})-[a-z0-9]{4}\b`).ReplaceAllString(s, "OWN$1")
		s = regexp.MustCompile(name+`-[a-z0-9]{4}\b`).ReplaceAllString(s, "BUCKET")
		s = strings.ReplaceAll(s, name, "RUN")
	}
	s = address.ReplaceAllString(s, "0x…")
	return strings.TrimSpace(spaces.ReplaceAllString(s, " "))
}

var named = regexp.MustCompile(`/([a-z0-9]{5,9})-[a-z0-9]{4}/([a-z0-9]{5,9})/`)

// name is the name of the run, which its bucket and all its keys begin with.
func (r Run) name() string {
	for _, c := range r.Cases {
		if m := named.FindStringSubmatch(c.Curl); m != nil && m[1] == m[2] {
			return m[1]
		}
	}
	return ""
}

// cell makes a text fit for a cell of a Markdown table.
func cell(s string) string {
	if len(s) > 400 {
		s = strings.ToValidUTF8(s[:400], "") + "…"
	}
	return strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;").Replace(s)
}

func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + strings.NewReplacer("|", `\|`, "\n", " ", "`", "'").Replace(s) + "`"
}
