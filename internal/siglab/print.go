package siglab

import (
	"fmt"
	"io"
	"strings"

	"objectharness/internal/exchange"
	"objectharness/internal/sign"
)

// WriteSteps prints steps under the names of their documents, one line of a
// value to a line. Keys are hidden unless they are published ones.
func WriteSteps(w io.Writer, steps *sign.Steps, published bool) {
	for _, step := range steps.List {
		value := step.Value
		if step.Secret && !published {
			value = exchange.Hidden
		}
		fmt.Fprintln(w, step.Name)
		for line := range strings.SplitSeq(value, "\n") {
			fmt.Fprintln(w, strings.TrimRight("  | "+escape(line), " "))
		}
	}
}

// Write prints every step, and the URL or the request that the signature makes.
func (s *Signed) Write(w io.Writer) {
	WriteSteps(w, s.Steps, false)
	if s.Input.Presign {
		fmt.Fprintf(w, "\n%s%s\n", s.Base, s.Request.Target)
		if s.Input.Token != "" {
			fmt.Fprintf(w, "(the security token is not shown: put it in the place of %s, or take the line that --curl prints)\n", exchange.Hidden)
		}
		return
	}
	fmt.Fprintf(w, "\n%s %s HTTP/1.1\n", s.Request.Method, s.Request.Target)
	for _, f := range s.Request.Fields {
		fmt.Fprintf(w, "%s: %s\n", f.Name, f.Value)
	}
}

// Write prints where the texts part, what is known beyond that, and the guesses.
func (f *Finding) Write(w io.Writer) {
	if f.Difference != nil {
		f.Difference.Write(w, "signed", "server")
	} else {
		fmt.Fprintln(w, "no difference between the text signed here and the server's, as far as it is shown")
	}
	for _, r := range f.Remarks {
		fmt.Fprintln(w, "note: "+r)
	}
	f.WriteGuesses(w)
}

// WriteGuesses prints the guesses alone.
func (f *Finding) WriteGuesses(w io.Writer) {
	fmt.Fprintln(w, "likely causes:")
	for i, g := range f.Guesses {
		sure := ""
		if g.Exact {
			sure = ", explains it"
		}
		fmt.Fprintf(w, "%3d. %s%s\n     %s\n     %s\n", i+1, g.Cause, sure, escape(g.Why), g.Cause.Advice())
	}
}
