package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"objectharness/internal/siglab"
	"objectharness/internal/target"
	"objectharness/internal/verdict"
	"objectharness/vectors"
)

func (a *app) vectorsExplainCommand() *cobra.Command {
	return &cobra.Command{
		Use: "explain ID|FILE", Short: "Explain a carried vector step by step, or why the vectors of a file fail", Args: cobra.ExactArgs(1),
		Example: "  harness vectors explain oss1-pub-005\n  harness vectors explain my-vectors.json",
		RunE: func(_ *cobra.Command, args []string) error {
			all, err := carriedVectors()
			if err != nil {
				return err
			}
			for i := range all {
				if all[i].ID == args[0] {
					return a.explainVector(&all[i])
				}
			}
			return a.explainVectors(args[0], all)
		},
	}
}

// explainVector prints a vector in words, every step with its value, and how it
// ends. Keys of vectors are published: they are shown.
func (a *app) explainVector(v *vectors.Vector) error {
	fmt.Fprintf(a.stdout, "%s: %s, %s, %s\n", v.ID, v.Algorithm, v.Mode, v.Result)
	for _, line := range []struct{ name, text string }{
		{"about", v.Comment}, {"from", strings.TrimSpace(v.Source.ID + " " + v.Source.Ref)}, {"confirmed by", strings.Join(v.ConfirmedBy, ", ")},
		{"other result in", strings.Join(v.Deviating, ", ")},
	} {
		if line.text != "" {
			fmt.Fprintf(a.stdout, "  %s: %s\n", line.name, line.text)
		}
	}
	for _, flag := range v.Flags {
		fmt.Fprintf(a.stdout, "  %s: %s\n", flag, v.Flag(flag))
	}
	if len(v.Clauses) > 0 {
		fmt.Fprintf(a.stdout, "  shows: %s\n", strings.Join(v.Clauses, ", "))
	}
	if p := v.Printed; p != nil {
		fmt.Fprintf(a.stdout, "  the document prints for %s: %q\n  %s\n", p.Field, p.Value, p.Why)
	}
	if p := v.Presented; p != nil {
		fmt.Fprintf(a.stdout, "  refused: the signature %s, for %s\n", p.Signature, p.Reason)
	}
	t, err := v.Trace()
	if err != nil {
		return broke(err)
	}
	fmt.Fprintln(a.stdout)
	siglab.WriteSteps(a.stdout, t.Steps, true)
	fmt.Fprintln(a.stdout)
	if a.explainResult(v) {
		return nil
	}
	return exit(verdict.NotConformant)
}

// explainResult says whether a vector passes, and if not, where and why.
func (a *app) explainResult(v *vectors.Vector) bool {
	r := vectors.Check(v)
	if r.OK {
		fmt.Fprintln(a.stdout, strings.TrimSpace(v.ID+" passed: every value that it gives is the one computed. "+r.Note))
		return true
	}
	fmt.Fprintf(a.stdout, "%s failed (%s, %s) at %s\n", v.ID, v.Algorithm, v.Mode, r.Step)
	if d := siglab.Compare(r.Step, r.Got, r.Want); d != nil {
		d.Write(a.stdout, "computed", "vector")
	}
	if found := suspect(v); found != nil {
		found.WriteGuesses(a.stdout)
	}
	return false
}

// suspect asks the signature laboratory about a vector's values, as if a server
// had printed them; nil where the vector signs no request.
func suspect(v *vectors.Vector) *siglab.Finding {
	t, err := v.Trace()
	if err != nil || t.Request == nil {
		return nil
	}
	var said siglab.Complaint
	for _, x := range []struct {
		from *string
		to   *string
	}{{v.Expected.StringToSign, &said.StringToSign}, {v.Expected.CanonicalRequest, &said.CanonicalRequest}, {v.Expected.Signature, &said.Signature}} {
		if x.from != nil {
			*x.to = *x.from
		}
	}
	if v.Algorithm == "bce-auth-v1" {
		said.StringToSign = said.CanonicalRequest
	}
	signed, err := siglab.Of(t.Scheme, t.Request, t.Input, t.Body, said)
	if err != nil || said.Signature == signed.Signature() {
		return nil // the signature is right: it is something else that fails
	}
	return signed.Explain()
}

// explainVectors explains the failing vectors of a file.
func (a *app) explainVectors(name string, carried []vectors.Vector) error {
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) && !strings.ContainsAny(name, "./") {
		var ids []string
		for i := range carried {
			ids = append(ids, carried[i].ID)
		}
		return usage("no vector and no file is called %q%s", name, target.Suggest(name, ids))
	} else if err != nil {
		return usage("vectors: %v", err)
	}
	all, err := vectors.Parse(name, text)
	if err != nil {
		return usage("%v", err)
	}
	failed := 0
	for i := range all {
		if r := vectors.Check(&all[i]); !r.OK {
			failed++
			a.explainResult(&all[i])
			fmt.Fprintln(a.stdout)
		}
	}
	fmt.Fprintf(a.stdout, "%d passed, %d failed\n", len(all)-failed, failed)
	if failed > 0 {
		return exit(verdict.NotConformant)
	}
	return nil
}
