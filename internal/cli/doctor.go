package cli

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"objectharness/internal/target"
	"objectharness/internal/verdict"
)

func (a *app) doctorCommand() *cobra.Command {
	var o targetOptions
	var timeout time.Duration
	cmd := &cobra.Command{
		Use: "doctor", Short: "Check clock, keys, region, style and permissions of a target, in words", Args: cobra.NoArgs,
		Example: "  harness doctor --dialect oss --endpoint https://oss-cn-hangzhou.aliyuncs.com --region cn-hangzhou",
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, cancel := context.WithTimeout(cmd.Context(), timeout)
			defer cancel()
			return a.doctor(ctx, &o)
		},
	}
	o.add(cmd)
	cmd.Flags().DurationVar(&timeout, "timeout", time.Minute, "end after this time")
	return cmd
}

func (a *app) doctor(ctx context.Context, o *targetOptions) error {
	configs, err := o.configs(a)
	if err != nil {
		return err
	}
	a.redactOutput(secrets(configs))
	well := true
	for _, c := range configs {
		c.Run = target.RunName(uint64(a.now().UnixNano()), uint64(os.Getpid()))
		c.Process = strconv.FormatInt(int64(os.Getpid()), 36)
		p, err := target.RunDoctor(ctx, c)
		if err != nil {
			return err
		}
		a.printPreflight(c, p)
		well = well && p.OK()
	}
	for _, note := range proxyNotes(a.env) {
		fmt.Fprintln(a.stdout, "note: "+note)
	}
	if !well {
		return exit(verdict.NotDone)
	}
	return nil
}

func (a *app) printPreflight(c target.Config, p target.Preflight) {
	about := target.Describe(c)
	fmt.Fprintf(a.stdout, "%s at %s, region %s, %s style\n", c.Dialect, about.URL, about.Region, about.Style)
	for _, check := range p.Checks {
		word := "ok"
		if !check.OK {
			word = "PROBLEM"
		}
		fmt.Fprintf(a.stdout, "  %-8s %s: %s\n", word, check.Name, check.Detail)
	}
}
