package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"objectharness/internal/target"
	"objectharness/internal/verdict"
	"objectharness/keygen"
)

// What harness keys makes at most.
const (
	maxKeys   = 1_000_000
	maxRanges = 4096
)

// keysOptions are the options of harness keys.
type keysOptions struct {
	strategies         []string
	count, first, seed uint64
	ranges             int
	show               string
	asJSON             bool
}

// shows are the words that --show takes.
var shows = []string{"both", "keys", "spread"}

func (a *app) keysCommand() *cobra.Command {
	var o keysOptions
	cmd := &cobra.Command{
		Use: "keys", Short: "Print keys of a naming strategy and how they spread over an index", Args: cobra.NoArgs,
		Long: `keys names objects in the ways of the COS document on request rates, and tells
how the names fall over an index that is kept in byte order and divided into
ranges: how many ranges share them, where the next keys go once the index is
split by these, and how many listings it takes to find a directory.

` + strategyHelp(),
		Example: "  harness keys --strategy hashed --count 5\n" +
			"  harness keys --strategy dated,reversed,hashed:md5:2 --count 10000 --show spread",
		RunE: func(cmd *cobra.Command, _ []string) error {
			a.ctx = cmd.Context()
			return a.keys(&o)
		},
	}
	f := cmd.Flags()
	f.StringSliceVar(&o.strategies, "strategy", nil, "`strategies` to tell of, separated by commas")
	f.Uint64Var(&o.count, "count", 10, "keys of each strategy, 1 to 1000000")
	f.Uint64Var(&o.first, "first", 0, "number of the first key")
	f.Uint64Var(&o.seed, "seed", 1, "seed of random keys")
	f.IntVar(&o.ranges, "ranges", keygen.DefaultRanges, "ranges of the index, 1 to 4096")
	f.StringVar(&o.show, "show", "both", "what to print: keys, spread or both")
	f.BoolVar(&o.asJSON, "json", false, "print JSON")
	complete(cmd, "strategy", strategyWords()...)
	complete(cmd, "show", shows...)
	return cmd
}

func strategyHelp() string {
	var b strings.Builder
	b.WriteString("Strategies; what stands in brackets may be left out, and SEQUENCE is one of the last four:\n")
	for _, f := range keygen.Forms() {
		fmt.Fprintf(&b, "\n  %s\n      %s\n", f.Word+f.Options, f.Rule)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func strategyWords() (words []string) {
	for _, f := range keygen.Forms() {
		words = append(words, f.Word)
	}
	return words
}

func (a *app) keys(o *keysOptions) error {
	if err := o.check(); err != nil {
		return err
	}
	strategies, err := parseStrategies("--strategy", o.strategies, o.seed)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(a.stdout)
	var results []*keysResult
	for i, s := range strategies {
		if a.ctx.Err() != nil {
			return exit(verdict.Interrupted)
		}
		if i > 0 && !o.asJSON {
			fmt.Fprintln(out)
		}
		r, err := a.keysOf(out, o, s)
		if err != nil {
			return err
		}
		results = append(results, r)
	}
	if o.asJSON {
		return a.printJSON(results)
	}
	if err := out.Flush(); err != nil {
		return broke(err)
	}
	return nil
}

func (o *keysOptions) check() error {
	switch {
	case len(o.strategies) == 0:
		return usage("--strategy must say how keys are named: %s", strings.Join(strategyWords(), ", "))
	case o.count < 1 || o.count > maxKeys:
		return usage("--count: expected 1 to %d, got %d", maxKeys, o.count)
	case o.first > math.MaxUint64-2*o.count:
		return usage("--first: expected at most %d for %d keys and the next ones, got %d", math.MaxUint64-2*o.count, o.count, o.first)
	case o.ranges < 1 || o.ranges > maxRanges:
		return usage("--ranges: expected 1 to %d, got %d", maxRanges, o.ranges)
	case !slices.Contains(shows, o.show):
		return usage("--show: expected keys, spread or both, got %q%s", o.show, target.Suggest(o.show, shows))
	}
	return nil
}

// parseStrategies reads the strategies that an option names.
func parseStrategies(option string, texts []string, seed uint64) (out []keygen.Strategy, err error) {
	for _, text := range texts {
		s, err := keygen.Parse(text, seed)
		if wrong := (*keygen.Error)(nil); errors.As(err, &wrong) {
			return nil, usage("%s: %v%s", option, err, target.Suggest(wrong.Got, wrong.Words))
		} else if err != nil {
			return nil, usage("%s: %v", option, err)
		}
		out = append(out, s)
	}
	return out, nil
}

// A keysResult is what harness keys --json prints of a strategy.
type keysResult struct {
	Strategy string         `json:"strategy"`
	Rule     string         `json:"rule"`
	Listings int            `json:"listings"`
	Keys     []string       `json:"keys,omitempty"`
	Spread   *keygen.Spread `json:"spread,omitempty"` // over equal ranges
	Next     *keygen.Spread `json:"next,omitempty"`   // of as many keys more, over an index split by these
}

// keysOf makes the keys of a strategy and measures them. Unless JSON is wanted,
// they are printed on the way.
func (a *app) keysOf(out io.Writer, o *keysOptions, s keygen.Strategy) (*keysResult, error) {
	r := &keysResult{Strategy: s.Name, Rule: s.Rule, Listings: s.Listings}
	if o.show != "spread" {
		if err := a.makeKeys(out, o, s.Append, r); err != nil {
			return nil, err
		}
	}
	if o.show == "keys" {
		return r, nil
	}
	spread := keygen.Measure(s.Append, o.first, o.count, keygen.Equal(o.ranges))
	next := keygen.Measure(s.Append, o.first+o.count, o.count, keygen.Split(s.Append, o.first, o.count, o.ranges))
	r.Spread, r.Next = &spread, &next
	if o.asJSON {
		return r, nil
	}
	if o.show == "both" {
		fmt.Fprintln(out)
	}
	r.print(out)
	return r, nil
}

func (a *app) makeKeys(out io.Writer, o *keysOptions, keys keygen.Append, r *keysResult) error {
	var key []byte
	for n := o.first; n < o.first+o.count; n++ {
		if a.ctx.Err() != nil {
			return exit(verdict.Interrupted)
		}
		key = keys(key[:0], n)
		if o.asJSON {
			r.Keys = append(r.Keys, string(key))
		} else if _, err := fmt.Fprintf(out, "%s\n", key); err != nil {
			return broke(err)
		}
	}
	return nil
}

// print tells a spread in words.
func (r *keysResult) print(w io.Writer) {
	s, line := r.Spread, func(name, format string, args ...any) {
		fmt.Fprintf(w, "  %-15s  "+format+"\n", append([]any{name}, args...)...)
	}
	fmt.Fprintf(w, "%s: %s; %s\n", r.Strategy, r.Rule, plural(int(s.Keys), "key"))
	for _, l := range s.Leading {
		line(plural(l.Bytes, "leading byte"), "%d different, the most frequent %s; %.2f bits", l.Distinct, percent(l.Largest), l.Entropy)
	}
	line("first byte", "%s", firstBytes(s))
	line("equal ranges", "%d of %d hold keys; %s", s.Used, len(s.Ranges), busiest(s))
	line("next keys", "once the index is split into %d by these, the next %d go to %d; %s", len(r.Next.Ranges), r.Next.Keys, r.Next.Used, busiest(r.Next))
	line("to list", "%s", price(r.Listings))
}

// busiest tells of the range with most keys.
func busiest(s *keygen.Spread) string {
	text := "the busiest takes " + percent(s.Busiest)
	if s.Common != "" {
		text += ", all beginning with " + strconv.QuoteToGraphic(s.Common)
	}
	return text
}

// maxFirst is how many first bytes are listed.
const maxFirst = 16

func firstBytes(s *keygen.Spread) string {
	var parts []string
	for _, f := range s.First[:min(len(s.First), maxFirst)] {
		parts = append(parts, fmt.Sprintf("%s %s", strings.Trim(strconv.QuoteToASCII(string(rune(f.Byte))), `"`), percent(float64(f.Keys)/float64(s.Keys))))
	}
	text := strings.Join(parts, ", ")
	if more := len(s.First) - maxFirst; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

func percent(share float64) string { return fmt.Sprintf("%.1f %%", 100*share) }

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// price is what it costs to list a directory.
func price(listings int) string {
	switch listings {
	case 0:
		return "nothing: keys have no directory"
	case 1:
		return "1 listing finds a directory"
	}
	return fmt.Sprintf("%d listings find a directory, one for each hash", listings)
}
