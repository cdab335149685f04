package clause

import (
	"io/fs"
	"slices"

	"go.yaml.in/yaml/v3"
)

// A chapterMap is chapters.yaml: which chapter a clause belongs to, what
// breaking it costs, and which clauses are only inferred although their
// catalogue does not say so.
type chapterMap struct {
	order    []string          // the chapters in the order of reports
	topics   map[string]string // OSS-APPEND → append
	clauses  map[string]string // OSS-APPEND-12 → acl
	inferred []string
	rules    []severityRule
	severity map[string]Severity // OSS-APPEND-12 → data-loss
}

// A severityRule gives its severity to clauses that match every list it has.
type severityRule struct {
	chapters, kinds, levels []string
	is                      Severity
}

func (r *severityRule) matches(c *Clause) bool {
	has := func(list []string, s string) bool { return len(list) == 0 || slices.Contains(list, s) }
	return has(r.chapters, c.Chapter) && has(r.kinds, c.Kind) && has(r.levels, string(c.Level))
}

// assign gives every clause its chapter and severity. Topics and ids that no
// clause has are wrong: they would be spelling mistakes.
func assign(fsys fs.FS, name string, all []Clause) ([]string, error) {
	f, root, err := open(fsys, name, yaml.MappingNode)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for i := range all {
		known[all[i].ID], known[all[i].Topic()] = true, true
	}
	m := f.chapters(root, known)
	for i := range all {
		c := &all[i]
		if !m.place(c) {
			f.wrong(root, c.Topic(), "topic of %s has no chapter, or no severity rule matches it", c.ID)
		}
	}
	return m.order, f.err()
}

func (m *chapterMap) place(c *Clause) bool {
	c.Chapter = m.topics[c.Topic()]
	if own := m.clauses[c.ID]; own != "" {
		c.Chapter = own
	}
	if slices.Contains(m.inferred, c.ID) {
		c.Confidence = Inferred
	}
	c.Severity = m.severity[c.ID]
	for i := 0; c.Severity == "" && i < len(m.rules); i++ {
		if m.rules[i].matches(c) {
			c.Severity = m.rules[i].is
		}
	}
	return c.Chapter != "" && c.Severity != ""
}

func (f *file) chapters(root *yaml.Node, known map[string]bool) *chapterMap {
	m := &chapterMap{topics: map[string]string{}, clauses: map[string]string{}, severity: map[string]Severity{}}
	var word string
	chapter := func(n *yaml.Node) string {
		word = ""
		oneOf(f, &word, "chapter", m.order)(n)
		return word
	}
	f.mapping(root, "the chapter map", map[string]func(*yaml.Node){
		"chapters": f.strings("chapters", &m.order),
		"topics":   f.table("topics", known, func(id string, n *yaml.Node) { m.topics[id] = chapter(n) }),
		"clauses": f.grouped("clauses", known, func(n *yaml.Node, id string) {
			if was := m.clauses[id]; was != "" {
				f.wrong(n, "clauses", "%s is in chapter %s already", id, was)
			}
			m.clauses[id] = chapter(n)
		}),
		"inferred":       f.each("inferred", func(n *yaml.Node) { m.inferred = append(m.inferred, f.knownID(n, "inferred", known)) }),
		"severity_rules": f.each("severity_rules", func(n *yaml.Node) { m.rules = append(m.rules, f.severityRule(n)) }),
		"severity": f.grouped("severity", known, func(n *yaml.Node, id string) {
			var s Severity
			oneOf(f, &s, "severity", Severities())(n)
			m.severity[id] = s
		}),
	}, "chapters", "topics", "severity_rules")
	return m
}

func (f *file) severityRule(n *yaml.Node) severityRule {
	var r severityRule
	f.mapping(n, "a severity rule", map[string]func(*yaml.Node){
		"chapters": f.strings("chapters", &r.chapters),
		"kinds":    f.strings("kinds", &r.kinds),
		"levels":   f.strings("levels", &r.levels),
		"is":       oneOf(f, &r.is, "is", Severities()),
	}, "is")
	return r
}

func (f *file) strings(field string, dst *[]string) func(*yaml.Node) {
	return f.each(field, func(n *yaml.Node) {
		var s string
		f.text(&s, field)(n)
		*dst = append(*dst, s)
	})
}

// knownID takes the name of a clause or topic that the registry has.
func (f *file) knownID(n *yaml.Node, field string, known map[string]bool) string {
	if !known[n.Value] {
		f.wrong(n, field, "no clause or topic is called %q", n.Value)
	}
	return n.Value
}

// table reads "id: word" pairs.
func (f *file) table(field string, known map[string]bool, put func(id string, n *yaml.Node)) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind != yaml.MappingNode {
			f.wrong(n, field, "expected a mapping, got a %s", kindName(n.Kind))
			return
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			put(f.knownID(n.Content[i], field, known), n.Content[i+1])
		}
	}
}

// grouped reads "word: [id, …]" pairs.
func (f *file) grouped(field string, known map[string]bool, put func(word *yaml.Node, id string)) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind != yaml.MappingNode {
			f.wrong(n, field, "expected a mapping, got a %s", kindName(n.Kind))
			return
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			word := n.Content[i]
			f.each(field, func(e *yaml.Node) { put(word, f.knownID(e, field, known)) })(n.Content[i+1])
		}
	}
}
