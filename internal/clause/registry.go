package clause

import (
	"embed"
	"fmt"
	"io/fs"
	"sync"
)

//go:generate go run ./gen

// What is small enough to be read when it is asked for.
//
//go:embed gaps.yaml rules/*.yaml
var data embed.FS

//go:embed catalogue.bin
var packed string

// A Registry is all clauses with their chapters. It is read-only.
type Registry struct {
	all       []Clause
	chapters  []string
	index     map[string]int
	byChapter map[[2]string][]Clause // dialect and chapter
}

// Dialects lists the four dialects in the order of reports.
func Dialects() []string { return []string{"oss", "cos", "bos", "s3"} }

var load = sync.OnceValues(func() (*Registry, error) {
	order, all, err := unpack(packed)
	if err != nil {
		return nil, err
	}
	return NewRegistry(order, all), nil
})

// Load returns the registry; it is unpacked at the first call.
func Load() (*Registry, error) { return load() }

// NewRegistry makes a registry of clauses, which it keeps; tests need one of their
// own.
func NewRegistry(chapters []string, all []Clause) *Registry {
	r := &Registry{all: all, chapters: chapters, index: make(map[string]int, len(all)), byChapter: map[[2]string][]Clause{}}
	for i := range all {
		c := &all[i]
		r.index[c.ID] = i
		key := [2]string{c.Dialect, c.Chapter}
		r.byChapter[key] = append(r.byChapter[key], *c)
	}
	return r
}

// All returns every clause in the order of the catalogue; do not change it.
func (r *Registry) All() []Clause { return r.all }

// Chapters returns the names of the chapters in the order of reports; do not
// change it.
func (r *Registry) Chapters() []string { return r.chapters }

// Get returns the clause with an id, nil when there is none; do not change it.
func (r *Registry) Get(id string) *Clause {
	i, ok := r.index[id]
	if !ok {
		return nil
	}
	return &r.all[i]
}

// Chapter returns the clauses of a dialect that belong to a chapter, in the
// order of the catalogue; do not change it.
func (r *Registry) Chapter(dialect, chapter string) []Clause {
	return r.byChapter[[2]string{dialect, chapter}]
}

// dialects maps every clause id to its dialect.
func (r *Registry) dialects() map[string]string {
	m := make(map[string]string, len(r.all))
	for i := range r.all {
		m[r.all[i].ID] = r.all[i].Dialect
	}
	return m
}

var loadRules = sync.OnceValues(func() ([]Rule, error) {
	r, err := Load()
	if err != nil {
		return nil, err
	}
	return parseRules(data, "rules", r.dialects())
})

// Rules returns the rules of all chapters; they are read at the first call.
// Each clause id in them exists and is of the dialect it stands under.
func Rules() ([]Rule, error) { return loadRules() }

// Gaps returns the testable clauses of finished chapters that no case covers,
// with the reason.
func Gaps() ([]Gap, error) {
	r, err := Load()
	if err != nil {
		return nil, err
	}
	return parseGaps(data, "gaps.yaml", r.dialects())
}

// Pack parses the catalogue and the chapter map under root, checks them and
// returns the packed form that this package embeds as catalogue.bin.
func Pack(root fs.FS) ([]byte, error) {
	all, order, err := parse(root)
	if err != nil {
		return nil, fmt.Errorf("clause: the catalogue is not as it should be: %w", err)
	}
	return pack(order, all), nil
}

func parse(root fs.FS) (all []Clause, order []string, err error) {
	if all, err = parseCatalogue(root, "catalogue"); err != nil {
		return nil, nil, err
	}
	order, err = assign(root, "chapters.yaml", all)
	return all, order, err
}
