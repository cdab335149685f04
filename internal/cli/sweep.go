package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"objectharness/internal/target"
)

func (a *app) sweepCommand() *cobra.Command {
	var o targetOptions
	var dryRun bool
	cmd := &cobra.Command{
		Use: "sweep", Short: "Remove what an interrupted or kept run left behind, by its ledger", Args: cobra.NoArgs,
		Long: `sweep removes exactly what ledgers say that runs made and did not remove on the
given target. Without an endpoint it lists what is left on all targets. Do not
sweep a target while a run against it is under way.`,
		Example: "  harness sweep\n  harness sweep --dialect oss --endpoint https://oss-cn-hangzhou.aliyuncs.com",
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, cancel := context.WithTimeout(cmd.Context(), 30*time.Minute)
			defer cancel()
			base, err := o.base(a)
			if err != nil {
				return err
			}
			if base.Embedded() || dryRun {
				return a.leftovers(base.State)
			}
			return a.sweep(ctx, &o)
		},
	}
	o.add(cmd)
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "only list what is left")
	return cmd
}

func (a *app) leftovers(state string) error {
	all, err := target.Leftovers(state)
	if err != nil {
		return broke(err)
	}
	for _, x := range all {
		a.printLeftover(x)
	}
	if len(all) == 0 {
		fmt.Fprintln(a.stdout, "nothing is left")
	}
	return nil
}

func (a *app) printLeftover(x target.Leftover) {
	fmt.Fprintln(a.stdout, x.Target)
	for _, thing := range x.Things {
		fmt.Fprintln(a.stdout, "  "+thing)
	}
}

func (a *app) sweep(ctx context.Context, o *targetOptions) error {
	configs, err := o.configs(a)
	if err != nil {
		return err
	}
	a.redactOutput(secrets(configs))
	total := 0
	for _, c := range configs {
		done, err := target.Sweep(ctx, c, a.printLeftover)
		total += done
		if err != nil {
			return broke(err)
		}
	}
	_, err = fmt.Fprintf(a.stdout, "%d ledgers swept\n", total)
	return err
}
