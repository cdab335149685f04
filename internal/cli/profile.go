package cli

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"objectharness/internal/clause"
	"objectharness/internal/target"
	"objectharness/suites"
)

//go:embed profiles.yaml
var profilesFile []byte

// A profile is a named selection of cases, as profiles.yaml has it.
type profile struct {
	Name        string   `yaml:"name"`
	Text        string   `yaml:"text"`
	Chapters    []string `yaml:"chapters"`
	Levels      []string `yaml:"levels"`
	Severities  []string `yaml:"severities"`
	ReadsOnly   bool     `yaml:"reads_only"`
	MaxRequests int64    `yaml:"max_requests"` // 0 is no bound
	MaxBytes    int64    `yaml:"max_bytes"`    // 0 is no bound
	Floor       float64  `yaml:"floor"`        // percent
}

func profiles() (all []profile, err error) {
	return all, target.ParseYAML("profiles.yaml", profilesFile, &all)
}

// profileNames are the names of all profiles; the file is part of the program,
// so that it can be read.
func profileNames() (names []string) {
	all, err := profiles()
	if err != nil {
		panic(err)
	}
	for _, p := range all {
		names = append(names, p.Name)
	}
	return names
}

func addProfile(cmd *cobra.Command, into *string) {
	cmd.Flags().StringVar(into, "profile", "", "`name` of a selection of cases with a floor for coverage: "+strings.Join(profileNames(), ", "))
	complete(cmd, "profile", profileNames()...)
}

// profileOf is the profile of a name; "" is none.
func profileOf(name string) (*profile, error) {
	if name == "" {
		return nil, nil
	}
	all, err := profiles()
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].Name == name {
			return &all[i], nil
		}
	}
	return nil, usage("--profile: expected one of %s, got %q%s", strings.Join(profileNames(), ", "), name, target.Suggest(name, profileNames()))
}

// counted tells whether it takes a rehearsal to choose the cases.
func (p *profile) counted() bool { return p.ReadsOnly || p.MaxRequests > 0 || p.MaxBytes > 0 }

// fits tells whether a case is one of the profile, as far as its clauses tell.
func (p *profile) fits(r *clause.Registry, c *suites.Case) bool {
	return among(p.Chapters, c.Chapter) &&
		(p.Levels == nil || slices.ContainsFunc(c.Clauses, func(id string) bool { k := r.Get(id); return k != nil && among(p.Levels, string(k.Level)) })) &&
		(p.Severities == nil || slices.ContainsFunc(c.Clauses, func(id string) bool { k := r.Get(id); return k != nil && among(p.Severities, string(k.Severity)) }))
}

// among tells whether a list has a word; no list has each.
func among(list []string, word string) bool { return list == nil || slices.Contains(list, word) }

// affords tells whether what a case sends is within the profile's bounds. One
// that could not run at all says nothing, and is in no such profile.
func (p *profile) affords(c cost) bool {
	return c.ran && !(p.ReadsOnly && c.writes) &&
		(p.MaxRequests == 0 || c.Requests <= p.MaxRequests) && (p.MaxBytes == 0 || c.Bytes <= p.MaxBytes)
}

// labels are the labels of the profile's cases, of those that only means; nil
// means all of them.
func (p *profile) labels(a *app, configs []target.Config, only []string) ([]string, error) {
	registry, err := clause.Load()
	if err != nil {
		return nil, err
	}
	labels := []string{}
	for i := range configs {
		var cases []suites.Case
		for _, c := range suites.Cases(configs[i].Dialect) {
			if p.fits(registry, &c) && (only == nil || slices.Contains(only, suites.IDLabel(c.ID))) {
				cases = append(cases, c)
			}
		}
		if p.counted() {
			if cases, err = a.affordable(p, configs[i], cases); err != nil {
				return nil, err
			}
		}
		for _, c := range cases {
			labels = append(labels, suites.IDLabel(c.ID))
		}
	}
	if len(labels) == 0 {
		return nil, usage("no case of the profile %s is selected", p.Name)
	}
	return labels, nil
}

// affordable leaves the cases that the profile's bounds allow.
func (a *app) affordable(p *profile, c target.Config, cases []suites.Case) ([]suites.Case, error) {
	costs, err := a.costs(c, cases)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(cases, func(c suites.Case) bool { return !p.affords(costs[c.ID]) }), nil
}

// apply completes a run's options by its profile, and its settings.
func (p *profile) apply(o *runOptions, configs []target.Config) error {
	if !o.selection.set.Changed("floor") {
		o.floor = p.Floor
	}
	for i := range configs {
		c := &configs[i]
		c.ReadOnly = p.ReadsOnly
		if c.ReadOnly && !c.Embedded() && c.Bucket == "" {
			return usage("--profile %s: a run that writes nothing cannot make a bucket: give an existing one with --bucket, or bucket in the target file", p.Name)
		}
	}
	return nil
}
