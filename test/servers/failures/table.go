package main

import (
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
)

// A row is one case that fails on one or more servers in the same way.
type row struct {
	id, got, curl string
	servers       []string
}

// table writes the failures of all runs.
func table(references string, runs []string, w io.Writer) error {
	says, err := readReferences(references)
	if err != nil {
		return err
	}
	rows, heads, err := gather(runs)
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "# Failures found on other people's servers\n\nMade by `test/servers/run --table`; the last column is checked by hand (`references.tsv`).\n\n| server | cases | passed | failed | warned | other |\n|---|---|---|---|---|---|")
	for _, head := range heads {
		fmt.Fprintln(w, head)
	}
	fmt.Fprintln(w, "\n| case | server | what came | the curl that shows it | the reference that says otherwise |\n|---|---|---|---|---|")
	unchecked := 0
	for _, r := range rows {
		reference := says[r.id]
		if reference == "" {
			reference = "**not checked yet**"
			unchecked++
		}
		fmt.Fprintf(w, "| `%s` | %s | %s | %s | %s |\n", r.id, strings.Join(r.servers, ", "), cell(r.got), code(r.curl), cell(reference))
	}
	_, err = fmt.Fprintf(w, "\n%d rows, %d not checked.\n", len(rows), unchecked)
	return err
}

// gather joins the failures of all runs and sums up each run.
func gather(runs []string) (rows []row, heads []string, err error) {
	for _, run := range runs {
		server, name, ok := strings.Cut(run, "=")
		if !ok {
			return nil, nil, fmt.Errorf("got %q, want NAME=RUN", run)
		}
		r, err := readRun(name)
		if err != nil {
			return nil, nil, err
		}
		heads = append(heads, summary(server, r))
		for _, c := range r.failed() {
			rows = add(rows, row{c.ID, plain(r, c.got()), plain(r, c.Curl), []string{server}})
		}
	}
	slices.SortStableFunc(rows, func(a, b row) int { return strings.Compare(a.id, b.id) })
	return rows, heads, nil
}

func add(rows []row, r row) []row {
	for i := range rows {
		if rows[i].id == r.id && rows[i].got == r.got {
			rows[i].servers = append(rows[i].servers, r.servers...)
			return rows
		}
	}
	return append(rows, r)
}

func summary(server string, r Run) string {
	n := map[string]int{}
	for _, c := range r.Cases {
		n[c.Verdict]++
	}
	rest := len(r.Cases) - n["passed"] - n["failed"] - n["warned"]
	return fmt.Sprintf("| %s | %d | %d | %d | %d | %d |", server, len(r.Cases), n["passed"], n["failed"], n["warned"], rest)
}

var (
	authorization = regexp.MustCompile(`(?i)-H '(authorization|x-amz-date|x-amz-content-sha256|date): [^']*' ?`)
	spaces        = regexp.MustCompile(`\s+`)
)

// plain takes out of a text what differs from run to run: the port, and in a
// curl the fields that a signature needs, for which curl has an option.
func plain(r Run, s string) string {
	for _, t := range r.Targets {
		s = strings.ReplaceAll(s, t.Endpoint, "$ENDPOINT")
		_, host, _ := strings.Cut(t.Endpoint, "://")
		s = strings.ReplaceAll(s, host, "HOST")
	}
	if rest, ok := strings.CutPrefix(s, "curl "); ok && authorization.MatchString(rest) {
		s = "curl --aws-sigv4 aws:amz:us-east-1:s3 --user $KEY:$SECRET " + authorization.ReplaceAllString(rest, "")
	}
	return strings.TrimSpace(spaces.ReplaceAllString(s, " "))
}

func readReferences(name string) (map[string]string, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	says := map[string]string{}
	for i, line := range strings.Split(string(data), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		id, text, ok := strings.Cut(line, "\t")
		if !ok || text == "" {
			return nil, fmt.Errorf("%s:%d: want a case and its reference, parted by a tab", name, i+1)
		}
		says[id] = text
	}
	return says, nil
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
