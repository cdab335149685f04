// Package cli is the command line. It puts the other packages together and
// knows no requirement of its own.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"objectharness/internal/exchange"
	"objectharness/internal/target"
	"objectharness/internal/verdict"
)

// An app is one call of the program.
type app struct {
	ctx            context.Context
	stdin          io.Reader
	stdout, stderr io.Writer
	env            func(string) string
	now            func() time.Time
	redact         *exchange.Redactor // of all that a run prints and writes
}

// An ending is an error with its exit code. An ending without text has been
// explained already.
type ending struct {
	code int
	err  error
}

func (e *ending) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e *ending) Unwrap() error { return e.err }

// exit ends the program with a code whose reason has been printed.
func exit(code int) error {
	if code == verdict.Conformant {
		return nil
	}
	return &ending{code: code}
}

// broke ends the program with exit code 3.
func broke(err error) error { return &ending{verdict.NotDone, err} }

// usage ends the program with exit code 2 and one line of text.
func usage(format string, args ...any) error {
	text := strings.Join(strings.Fields(fmt.Sprintf(format, args...)), " ")
	return &ending{verdict.WrongUsage, errors.New(text)}
}

// Run runs one command line, without the program's name, and returns the exit
// code: 0 conformant, 1 not conformant, 2 wrong usage, 3 not done, 130
// interrupted.
func Run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	a := &app{ctx: ctx, stdin: stdin, stdout: stdout, stderr: stderr, env: os.Getenv, now: time.Now}
	root := a.root()
	root.SetArgs(args)
	cmd, err := root.ExecuteContextC(ctx)
	if err == nil {
		return verdict.Conformant
	}
	var end *ending
	if errors.As(err, &end) {
		if text := err.Error(); text != "" {
			fmt.Fprintln(stderr, "harness: "+text)
		}
		return end.code
	}
	if !errors.Is(err, target.ErrUsage) {
		err = explainUsage(cmd, err)
	}
	fmt.Fprintf(stderr, "harness: %v\nTry: %s --help\n", err, cmd.CommandPath())
	return verdict.WrongUsage
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "harness",
		Short: "Tests object storage against the OSS, COS, BOS and S3 documents",
		Long: `harness tells which documented requirements of the Alibaba OSS, Tencent COS,
Baidu BOS or S3 interface an endpoint breaks, with proof. Without an endpoint it
tests its own embedded emulator. Credentials are read from the environment only:
HARNESS_ACCESS_KEY, HARNESS_SECRET_KEY, HARNESS_SECURITY_TOKEN, and for a second
account HARNESS_OTHER_ACCESS_KEY and HARNESS_OTHER_SECRET_KEY. Proxy variables
are ignored: what is tested is the endpoint.

Exit codes: 0 conformant, 1 not conformant, 2 wrong usage or nothing selected,
3 the harness could not do its work, 130 interrupted.`,
		Example:       "  harness run --out out\n  harness run --dialect s3 --endpoint http://127.0.0.1:9000 --region us-east-1",
		SilenceErrors: true, SilenceUsage: true,
	}
	root.SetIn(a.stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.SuggestionsMinimumDistance = 2
	for _, command := range []func() *cobra.Command{
		a.runCommand, a.listCommand, a.explainCommand, a.doctorCommand, a.vectorsCommand, a.signCommand, a.serveCommand,
		a.reportCommand, a.compareCommand, a.keysCommand, a.loadCommand, a.sweepCommand, a.versionCommand,
	} {
		root.AddCommand(command())
	}
	return root
}

// explainUsage says in one line what is wrong with a command line.
func explainUsage(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var value *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown) && len(unknown.GetSpecifiedName()) > 1:
		return fmt.Errorf("there is no option --%s%s", unknown.GetSpecifiedName(), target.Suggest(unknown.GetSpecifiedName(), optionNames(cmd)))
	case errors.As(err, &value):
		return fmt.Errorf("--%s: expected %s, got %q", value.GetFlag().Name, expected(value), value.GetValue())
	}
	return errors.New(strings.Join(strings.Fields(err.Error()), " "))
}

func optionNames(cmd *cobra.Command) (names []string) {
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	return names
}

// expected says what the value of an option has to be.
func expected(e *pflag.InvalidValueError) string {
	switch kind := e.GetFlag().Value.Type(); kind {
	case "duration":
		return "a duration such as 30s or 5m"
	case "int", "int64", "uint64", "float64":
		return "a number"
	case "bool":
		return "true or false"
	case "bytes":
		return "an amount of bytes such as 500000, 64KiB or 10MB"
	default:
		return kind
	}
}
