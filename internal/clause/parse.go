package clause

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// errorsMax bounds what a broken data file reports at once.
const errorsMax = 20

// A file reads one YAML file with the line of everything that is wrong in it.
type file struct {
	name string
	errs []error
}

// open parses a YAML file of fsys; its root must have the kind given.
func open(fsys fs.FS, name string, kind yaml.Kind) (*file, *yaml.Node, error) {
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, nil, fmt.Errorf("clause: %w", err)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, nil, fmt.Errorf("clause: %s: %w", name, err)
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != kind {
		return nil, nil, fmt.Errorf("clause: %s: expected a %s at the top", name, kindName(kind))
	}
	return &file{name: name}, doc.Content[0], nil
}

func kindName(k yaml.Kind) string {
	switch k {
	case yaml.SequenceNode:
		return "list"
	case yaml.MappingNode:
		return "mapping"
	}
	return "text"
}

// wrong notes that the field at n is not what it should be.
func (f *file) wrong(n *yaml.Node, field, format string, args ...any) {
	if len(f.errs) < errorsMax {
		f.errs = append(f.errs, fmt.Errorf("clause: %s:%d: %s: %s", f.name, n.Line, field, fmt.Sprintf(format, args...)))
	}
}

func (f *file) err() error { return errors.Join(f.errs...) }

// mapping calls the setter of every field of n; an unknown, repeated or missing
// required field is wrong. Names in required are those without which the
// mapping means nothing.
func (f *file) mapping(n *yaml.Node, what string, set map[string]func(*yaml.Node), required ...string) {
	if n.Kind != yaml.MappingNode {
		f.wrong(n, what, "expected a mapping, got a %s", kindName(n.Kind))
		return
	}
	seen := make(map[string]bool, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		put, known := set[key.Value]
		switch {
		case !known:
			f.wrong(key, key.Value, "unknown field in %s; expected one of %s", what, names(set))
		case seen[key.Value]:
			f.wrong(key, key.Value, "given twice in %s", what)
		default:
			put(value)
		}
		seen[key.Value] = true
	}
	for _, name := range required {
		if !seen[name] {
			f.wrong(n, name, "missing in %s", what)
		}
	}
}

func names(set map[string]func(*yaml.Node)) string {
	all := make([]string, 0, len(set))
	for name := range set {
		all = append(all, name)
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// text takes a scalar that is not empty.
func (f *file) text(dst *string, field string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind != yaml.ScalarNode || n.Value == "" {
			f.wrong(n, field, "expected text that is not empty")
			return
		}
		*dst = n.Value
	}
}

// oneOf takes one word of a set.
func oneOf[S ~string](f *file, dst *S, field string, set []S) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind != yaml.ScalarNode || !slices.Contains(set, S(n.Value)) {
			f.wrong(n, field, "expected one of %v, got %q", set, n.Value)
			return
		}
		*dst = S(n.Value)
	}
}

// each calls do for every element of a list.
func (f *file) each(field string, do func(*yaml.Node)) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind != yaml.SequenceNode {
			f.wrong(n, field, "expected a list, got a %s", kindName(n.Kind))
			return
		}
		for _, e := range n.Content {
			do(e)
		}
	}
}

var (
	kinds = []string{"status", "error-code", "header", "body", "limit", "signing", "state", "permission", "side-effect",
		"operation", "performance"}
	testables   = []Testable{Anywhere, EmulatorOnly, Offline, Never}
	confidences = []Confidence{Documented, AWSValidated, SDKTest, SDKCode, SeveralServers, Inferred}
	idForm      = regexp.MustCompile(`^(OSS|COS|BOS|S3)(-[A-Z][A-Z0-9]*)+-[0-9]{2,3}$`)
	statusForm  = regexp.MustCompile(`^([1-5][0-9][0-9]|[1-5]xx)$`)
)

// inOrder sorts catalogue files by dialect, each dialect's own document before
// its supplement.
func inOrder(files []string) {
	rank := func(name string) int {
		base, _, _ := strings.Cut(strings.TrimSuffix(path.Base(name), ".yaml"), "-")
		return slices.Index(Dialects(), base)
	}
	slices.SortFunc(files, func(a, b string) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	})
}

// parseCatalogue reads all clauses of the files of dir, dialect by dialect.
func parseCatalogue(fsys fs.FS, dir string) ([]Clause, error) {
	files, err := fs.Glob(fsys, dir+"/*.yaml")
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("clause: no catalogue in %s: %w", dir, err)
	}
	inOrder(files)
	var all []Clause
	var errs []error
	first := map[string]string{} // id → file and line
	for _, name := range files {
		f, root, err := open(fsys, name, yaml.SequenceNode)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		for _, n := range root.Content {
			c := f.clause(n)
			at := fmt.Sprintf("%s:%d", name, n.Line)
			if was, dup := first[c.ID]; dup {
				f.wrong(n, "id", "%s is there already, at %s; an id is used once", c.ID, was)
			}
			first[c.ID] = at
			all = append(all, c)
		}
		errs = append(errs, f.err())
	}
	return all, errors.Join(errs...)
}

func (f *file) clause(n *yaml.Node) Clause {
	c := Clause{Confidence: Documented}
	f.mapping(n, "a clause", map[string]func(*yaml.Node){
		"id":            f.id(&c),
		"source":        f.text(&c.Source, "source"),
		"operation":     f.text(&c.Operation, "operation"),
		"level":         oneOf(f, &c.Level, "level", Levels()),
		"kind":          oneOf(f, &c.Kind, "kind", kinds),
		"clause":        f.text(&c.Text, "clause"),
		"given":         f.text(&c.Given, "given"),
		"when":          f.text(&c.When, "when"),
		"then":          f.text(&c.Then, "then"),
		"testable":      oneOf(f, &c.Testable, "testable", testables),
		"confidence":    oneOf(f, &c.Confidence, "confidence", confidences),
		"accept":        f.each("accept", func(e *yaml.Node) { c.Accept = append(c.Accept, f.answer(e)) }),
		"superseded_by": f.text(&c.SupersededBy, "superseded_by"),
		"note":          f.text(&c.Note, "note"),
	}, "id", "source", "operation", "level", "kind", "clause", "given", "when", "then", "testable")
	return c
}

func (f *file) id(c *Clause) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if !idForm.MatchString(n.Value) {
			f.wrong(n, "id", "expected DIALECT-TOPIC-NN with the dialect OSS, COS, BOS or S3, got %q", n.Value)
		}
		c.ID = n.Value
		dialect, _, _ := strings.Cut(n.Value, "-")
		c.Dialect = strings.ToLower(dialect)
	}
}

func (f *file) answer(n *yaml.Node) Answer {
	var a Answer
	f.mapping(n, "an accept entry", map[string]func(*yaml.Node){
		"status": func(n *yaml.Node) { a.Status = f.status(n) },
		"code":   f.text(&a.Code, "code"),
		"value":  f.text(&a.Value, "value"),
		"source": f.text(&a.Source, "source"),
		"cases":  f.each("cases", func(e *yaml.Node) { a.Cases = append(a.Cases, f.position(e)) }),
	}, "status", "source")
	return a
}

func (f *file) status(n *yaml.Node) Status {
	if !statusForm.MatchString(n.Value) {
		f.wrong(n, "status", "expected a status (100 to 599) or a class such as 4xx, got %q", n.Value)
		return 0
	}
	if strings.HasSuffix(n.Value, "xx") {
		return Status(n.Value[0] - '0')
	}
	number, _ := strconv.Atoi(n.Value) // statusForm has three digits
	return Status(number)
}

func (f *file) position(n *yaml.Node) int {
	number, err := strconv.Atoi(n.Value)
	if err != nil || number < 1 {
		f.wrong(n, "cases", "expected positions from 1, got %q", n.Value)
	}
	return number
}
