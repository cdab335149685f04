package target

import (
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"objectharness/internal/dialect/all"
)

// Schema is the JSON schema of target files.
//
//go:embed target.schema.json
var Schema []byte

// Load reads a target file. Its errors wrap ErrUsage and name file, line, column
// and field, and the nearest right word.
func Load(file string) (Config, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return Config{}, fmt.Errorf("%w: %w", ErrUsage, err)
	}
	c, err := parseFile(file, text)
	if err != nil {
		return Config{}, fmt.Errorf("%w: %w", ErrUsage, err)
	}
	return c, nil
}

func parseFile(file string, text []byte) (Config, error) {
	var c Config
	at, err := parseAt(file, text, &c)
	if err != nil {
		return Config{}, err
	}
	c.OtherID = c.Accounts.Other.ID
	return c, at.place(file, c.fileProblems())
}

// fileProblems are what is wrong with the values of a file by themselves; what
// they mean together, and with options and environment, Check tells.
func (c *Config) fileProblems() (problems []error) {
	word := func(field, value string, words []string) {
		if value != "" && !slices.Contains(words, value) {
			problems = append(problems, &fieldError{field, fmt.Errorf("expected one of %s, got %q%s", strings.Join(words, ", "), value, Suggest(value, words))})
		}
	}
	word("dialect", c.Dialect, []string{"oss", "cos", "bos", "s3"})
	word("style", c.Style, []string{"path", "virtual"})
	word("scheme", c.Scheme, schemeNames())
	for _, name := range slices.Sorted(maps.Keys(c.Features)) {
		if !slices.Contains(FeatureNames(), name) {
			problems = append(problems, &fieldError{name, fmt.Errorf("no such feature%s; expected one of %s", Suggest(name, FeatureNames()), strings.Join(FeatureNames(), ", "))})
			continue
		}
		word(name, c.Features[name], []string{Present, Absent})
		if c.Features[name] == "" {
			problems = append(problems, &fieldError{name, errors.New("expected present or absent, got nothing")})
		}
	}
	for field, n := range map[string]float64{"max_rps": c.MaxRPS, "max_requests": float64(c.MaxRequests), "concurrency": float64(c.Concurrency)} {
		if n < 0 {
			problems = append(problems, &fieldError{field, fmt.Errorf("expected 0 or more, got %v", n)})
		}
	}
	if c.Endpoint != "" {
		if _, err := parseEndpoint(c.Endpoint); err != nil {
			problems = append(problems, &fieldError{"endpoint", errors.New(strings.TrimPrefix(err.Error(), "endpoint: "))})
		}
	}
	return append(problems, c.Accounts.Owner.check("owner"), c.Accounts.Other.check("other"))
}

func schemeNames() (names []string) {
	for _, d := range all.All() {
		for _, s := range d.Schemes {
			names = append(names, s.Name())
		}
	}
	return names
}

// places are where the fields of a file stand: line and column by the field's
// name, its last part only.
type places map[string][2]int

// place puts file, line and column in front of what is wrong with fields.
func (at places) place(file string, problems []error) error {
	var out []error
	for _, err := range problems {
		var of *fieldError
		if errors.As(err, &of) {
			p := at[of.field]
			err = fmt.Errorf("%s:%d:%d: %w", file, p[0], p[1], err)
		}
		out = append(out, err)
	}
	return errors.Join(out...)
}
