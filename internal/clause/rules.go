package clause

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A Rule is one thing that a server does, under one name for all dialects: the
// emulator holds it, or breaks it on request, and the clauses of By are what
// documents say of it.
type Rule struct {
	Name    string // append.position
	Kind    string // decides in which ways it can be broken, see Deviations
	Chapter string // the rules file it stands in, without .yaml
	Text    string // what holds, in one line
	By      map[string][]string
}

// deviations says in which ways a rule of each kind can be broken, each the
// smallest wrong that somebody could have built.
var deviations = map[string][]string{
	"refusal": {"accept", "code", "status"}, // does what it must refuse; refuses with another code; with another status
	"field":   {"absent", "value"},          // a header field or member is missing; has another value
	"value":   {"wrong"},                    // a computed value is another
	"limit":   {"over"},                     // one more than the limit is let through
	"effect":  {"skip"},                     // answers as if done, and does nothing
	"status":  {"status"},                   // another status of the same class
	"order":   {"order"},                    // of two things wrong, the other is named first
}

// RuleKinds lists the kinds of rules in alphabetical order.
func RuleKinds() []string {
	all := make([]string, 0, len(deviations))
	for kind := range deviations {
		all = append(all, kind)
	}
	slices.Sort(all)
	return all
}

// Deviations lists the ways in which a rule of a kind can be broken; an unknown
// kind has none. A deviation's full name is rule:way, append.position:code.
func Deviations(kind string) []string { return slices.Clone(deviations[kind]) }

var ruleForm = regexp.MustCompile(`^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+$`)

// parseRules reads all rules of the files of dir, in the order of the file
// names; clauses maps a clause id to its dialect.
func parseRules(fsys fs.FS, dir string, clauses map[string]string) ([]Rule, error) {
	files, err := fs.Glob(fsys, dir+"/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("clause: %s: %w", dir, err)
	}
	var all []Rule
	var errs []error
	first := map[string]string{}
	for _, name := range files {
		f, root, err := open(fsys, name, yaml.SequenceNode)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		chapter := strings.TrimSuffix(name[strings.LastIndexByte(name, '/')+1:], ".yaml")
		for _, n := range root.Content {
			r := f.rule(n, clauses)
			r.Chapter = chapter
			if was, dup := first[r.Name]; dup {
				f.wrong(n, "rule", "%s is there already, at %s", r.Name, was)
			}
			first[r.Name] = fmt.Sprintf("%s:%d", name, n.Line)
			all = append(all, r)
		}
		errs = append(errs, f.err())
	}
	return all, errors.Join(errs...)
}

func (f *file) rule(n *yaml.Node, clauses map[string]string) Rule {
	r := Rule{By: map[string][]string{}}
	set := map[string]func(*yaml.Node){
		"rule": func(n *yaml.Node) {
			r.Name = n.Value
			if !ruleForm.MatchString(n.Value) {
				f.wrong(n, "rule", "expected lower-case words joined with dots, such as append.position, got %q", n.Value)
			}
		},
		"kind": oneOf(f, &r.Kind, "kind", RuleKinds()),
		"text": f.text(&r.Text, "text"),
	}
	for _, dialect := range Dialects() {
		set[dialect] = f.each(dialect, func(e *yaml.Node) {
			if of := clauses[e.Value]; of != dialect {
				f.wrong(e, dialect, "expected the id of a clause of %s, got %q", dialect, e.Value)
			}
			if slices.Contains(r.By[dialect], e.Value) {
				f.wrong(e, dialect, "%s stands there twice", e.Value)
			}
			r.By[dialect] = append(r.By[dialect], e.Value)
		})
	}
	f.mapping(n, "a rule (dialects are oss, cos, bos and s3)", set, "rule", "kind", "text")
	if len(r.By) == 0 {
		f.wrong(n, "rule", "%s names no clause in any dialect", r.Name)
	}
	return r
}
