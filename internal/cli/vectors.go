package cli

import (
	"fmt"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"objectharness/internal/target"
	"objectharness/internal/verdict"
	"objectharness/vectors"
)

func (a *app) vectorsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "vectors", Short: "Replay and show signing vectors", Example: "  harness vectors check",
		Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
			return usage("say what to do: harness vectors check, harness vectors show ID or harness vectors explain ID")
		},
	}
	var asJSON bool
	check := &cobra.Command{
		Use: "check [FILE…]", Short: "Replay the vectors of files, or the carried ones",
		Example: "  harness vectors check\n  harness vectors check --json my-vectors.json",
		RunE:    func(_ *cobra.Command, files []string) error { return a.checkVectors(files, asJSON) },
	}
	check.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	show := &cobra.Command{
		Use: "show ID", Short: "Show a carried vector with every step of its signature", Args: cobra.ExactArgs(1),
		Example: "  harness vectors show oss4-pub-034",
		RunE:    func(_ *cobra.Command, args []string) error { return a.showVector(args[0]) },
	}
	cmd.AddCommand(check, show, a.vectorsExplainCommand())
	return cmd
}

func loadVectors(files []string) ([]vectors.Vector, error) {
	if len(files) == 0 {
		return vectors.All()
	}
	var all []vectors.Vector
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, usage("vectors: %v", err)
		}
		vs, err := vectors.Parse(name, text)
		if err != nil {
			return nil, usage("%v", err)
		}
		if len(vs) == 0 {
			return nil, usage("vectors: no vector in %s", name)
		}
		all = append(all, vs...)
	}
	return all, nil
}

// A vectorResult is what harness vectors check --json prints of one vector.
type vectorResult struct {
	ID      string `json:"id"`
	Passed  bool   `json:"passed"`
	Message string `json:"message,omitempty"`
}

// A vectorCount is what a set of vectors came to.
type vectorCount struct {
	Vectors []vectorResult `json:"vectors"`
	Passed  int            `json:"passed"`
	Failed  int            `json:"failed"`
}

func replayed(set []vectors.Vector) vectorCount {
	c := vectorCount{Vectors: make([]vectorResult, 0, len(set))}
	for i := range set {
		r := vectors.Check(&set[i])
		x := vectorResult{ID: set[i].ID, Passed: r.OK}
		switch {
		case !r.OK:
			c.Failed++
			x.Message = r.String()
		case r.Note != "":
			c.Passed++
			x.Message = "ok   " + r.ID + ": " + r.Note
		default:
			c.Passed++
		}
		c.Vectors = append(c.Vectors, x)
	}
	return c
}

// checkVectors replays files, or else the documents' worked examples, our own
// vectors and, last, the public ones.
func (a *app) checkVectors(files []string, asJSON bool) error {
	all, err := loadVectors(files)
	if err != nil {
		return err
	}
	var examples, own []vectors.Vector
	if len(files) == 0 {
		if examples, err = vectors.Documented(); err != nil {
			return err
		}
		if own, err = vectors.Own(); err != nil {
			return err
		}
	}
	documented, ours, public := replayed(examples), replayed(own), replayed(all)
	if asJSON {
		err = a.printJSON(struct {
			vectorCount
			Documented vectorCount `json:"documented"`
			Own        vectorCount `json:"own"`
		}{public, documented, ours})
	} else {
		err = a.printVectors(documented, ours, public)
	}
	if err == nil && documented.Failed+ours.Failed+public.Failed > 0 {
		return exit(verdict.NotConformant)
	}
	return err
}

func (a *app) printVectors(documented, own, public vectorCount) error {
	for _, r := range slices.Concat(documented.Vectors, own.Vectors, public.Vectors) {
		if r.Message != "" {
			fmt.Fprintln(a.stdout, r.Message)
		}
	}
	if len(documented.Vectors) > 0 {
		fmt.Fprintf(a.stdout, "worked examples of the documents: %d passed, %d failed\n", documented.Passed, documented.Failed)
		fmt.Fprintf(a.stdout, "our own vectors: %d passed, %d failed\n", own.Passed, own.Failed)
	}
	_, err := fmt.Fprintf(a.stdout, "%d passed, %d failed\n", public.Passed, public.Failed)
	return err
}

// carriedVectors are the public vectors, the worked examples and our own.
func carriedVectors() ([]vectors.Vector, error) {
	var all []vectors.Vector
	for _, load := range []func() ([]vectors.Vector, error){vectors.All, vectors.Documented, vectors.Own} {
		set, err := load()
		if err != nil {
			return nil, err
		}
		all = append(all, set...)
	}
	return all, nil
}

func (a *app) showVector(id string) error {
	all, err := carriedVectors()
	if err != nil {
		return err
	}
	var ids []string
	for i := range all {
		if all[i].ID == id {
			return a.printJSON(all[i])
		}
		ids = append(ids, all[i].ID)
	}
	return usage("no vector is called %q%s; harness vectors check --json lists them", id, target.Suggest(id, ids))
}
