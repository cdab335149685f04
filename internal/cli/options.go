package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"objectharness/internal/target"
	"objectharness/suites"
)

// envState names the folder of the ledgers; otherwise it is harness in the
// user's cache folder.
const envState = "HARNESS_STATE"

// targetOptions are the options that say what to test.
type targetOptions struct {
	dialects []string
	file     string
	given    target.Config // as options say it
	set      *pflag.FlagSet
}

func (o *targetOptions) add(cmd *cobra.Command) {
	f := cmd.Flags()
	o.set = f
	addDialects(cmd, &o.dialects)
	c := &o.given
	f.StringVar(&o.file, "target", "", "YAML `file` that describes the target; options override it")
	f.StringVar(&c.Endpoint, "endpoint", "", "`URL` of the target, scheme, host and port; none: the embedded emulator")
	f.StringVar(&c.Region, "region", "", "`region` that signatures name")
	f.StringVar(&c.Style, "style", "", "where the bucket stands: path or virtual")
	f.StringVar(&c.Scheme, "scheme", "", "how requests are signed, where a dialect has two ways: oss-v1 or oss-v4")
	f.StringVar(&c.Connect, "connect", "", "dial `HOST:PORT` instead of the endpoint's host")
	f.StringVar(&c.AppID, "appid", "", "COS: the `number` that bucket names end in")
	f.StringVar(&c.Bucket, "bucket", "", "an existing `bucket` to work in, which is not removed")
	f.StringVar(&c.CA, "ca", "", "PEM `file` of certificate authorities to trust")
	f.BoolVar(&c.Insecure, "insecure", false, "take any certificate")
	f.Float64Var(&c.MaxRPS, "max-rps", 0, "requests a second at most (0: no bound)")
	f.Var(&c.Budget, "budget", "bytes sent in bodies at most, such as 100MB (0: no bound)")
	f.Int64Var(&c.MaxRequests, "max-requests", 0, "requests at most, from the preflight to the end of the clean-up (0: no bound)")
	f.IntVar(&c.Concurrency, "concurrency", 0, "requests under way at once (0: no bound)")
	f.StringVar(&c.Control, "control", "", "`URL` that harness serve --control printed; its token goes into HARNESS_CONTROL_TOKEN")
	complete(cmd, "style", "path", "virtual")
	complete(cmd, "scheme", "oss-v1", "oss-v4", "cos-sha1", "bce-auth-v1", "aws-sigv4")
}

func addDialects(cmd *cobra.Command, into *[]string) {
	cmd.Flags().StringSliceVar(into, "dialect", nil, "oss, cos, bos, s3 or all, separated by commas")
	complete(cmd, "dialect", append([]string{"all"}, suites.Dialects()...)...)
}

// complete tells shells the words that an option takes.
func complete(cmd *cobra.Command, option string, words ...string) {
	completeWith(cmd, option, func() []string { return words })
}

func completeWith(cmd *cobra.Command, option string, words func() []string) {
	err := cmd.RegisterFlagCompletionFunc(option, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return words(), cobra.ShellCompDirectiveNoFileComp
	})
	if err != nil {
		panic(err) // the option is not there: a mistake in this package
	}
}

// configs are the settings of each dialect asked for, checked.
func (o *targetOptions) configs(a *app) ([]target.Config, error) {
	base, err := o.base(a)
	if err != nil {
		return nil, err
	}
	dialects, err := o.choose(&base)
	if err != nil {
		return nil, err
	}
	out := make([]target.Config, 0, len(dialects))
	for _, d := range dialects {
		c := base
		c.Dialect = d
		if err := c.Check(); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// base joins the target file, the options and the environment.
func (o *targetOptions) base(a *app) (target.Config, error) {
	var base target.Config
	if o.file != "" {
		var err error
		if base, err = target.Load(o.file); err != nil {
			return base, err
		}
	}
	c := &o.given
	for name, merge := range map[string]func(){
		"endpoint": func() { base.Endpoint = c.Endpoint }, "region": func() { base.Region = c.Region },
		"style": func() { base.Style = c.Style }, "connect": func() { base.Connect = c.Connect },
		"appid": func() { base.AppID = c.AppID }, "bucket": func() { base.Bucket = c.Bucket },
		"ca": func() { base.CA = c.CA }, "insecure": func() { base.Insecure = c.Insecure },
		"max-rps": func() { base.MaxRPS = c.MaxRPS }, "budget": func() { base.Budget = c.Budget },
		"max-requests": func() { base.MaxRequests = c.MaxRequests }, "concurrency": func() { base.Concurrency = c.Concurrency },
		"control": func() { base.Control = c.Control }, "scheme": func() { base.Scheme = c.Scheme },
	} {
		if o.set.Changed(name) {
			merge()
		}
	}
	base.Deviate = c.Deviate
	base.Environment(a.env)
	var err error
	base.State, err = stateDir(a)
	return base, err
}

// choose lists the dialects to test: those of --dialect, else the file's, else
// all of the embedded emulator.
func (o *targetOptions) choose(base *target.Config) ([]string, error) {
	switch {
	case len(o.dialects) > 0:
		return dialectNames(o.dialects)
	case base.Dialect != "":
		return []string{base.Dialect}, nil
	case base.Embedded():
		return suites.Dialects(), nil
	}
	return nil, fmt.Errorf("%w: --dialect must say which dialect %s speaks: %s", target.ErrUsage, base.Endpoint, strings.Join(suites.Dialects(), ", "))
}

// dialectNames checks a list of dialects; all stands for each, and none for all.
func dialectNames(given []string) ([]string, error) {
	known := suites.Dialects()
	if len(given) == 0 || slices.Contains(given, "all") {
		return known, nil
	}
	for _, name := range given {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("%w: --dialect: expected %s or all, got %q%s", target.ErrUsage, strings.Join(known, ", "), name, target.Suggest(name, known))
		}
	}
	return slices.DeleteFunc(slices.Clone(known), func(d string) bool { return !slices.Contains(given, d) }), nil
}

// stateDir is the folder of the ledgers.
func stateDir(a *app) (string, error) {
	if dir := a.env(envState); dir != "" {
		return filepath.Join(dir, "ledgers"), nil
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	return filepath.Join(cache, "harness", "ledgers"), nil
}
