package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"objectharness/report"
)

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: cobra.NoArgs,
		Example: "  harness version",
		RunE: func(*cobra.Command, []string) error {
			t := tool()
			_, err := fmt.Fprintf(a.stdout, "%s %s (%s %s/%s)\n", t.Name, t.Version, t.Go, runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}

// tool says which build this is.
func tool() report.Tool {
	t := report.Tool{Name: "harness", Version: "(devel)", Go: runtime.Version()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return t
	}
	if v := info.Main.Version; v != "" {
		t.Version = v
	}
	return t
}
