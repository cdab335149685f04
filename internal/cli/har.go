package cli

import (
	"encoding/base64"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"objectharness/internal/exchange"
	"objectharness/internal/target"
	"objectharness/internal/wire"
	"objectharness/report"
)

// harOptions are the options of harness report that are about an archive.
type harOptions struct{ file, caseID string }

func (o *harOptions) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.file, "har", "", "write `file`: the exchanges of --case as an HTTP archive (HAR 1.2)")
	cmd.Flags().StringVar(&o.caseID, "case", "", "`id` of the case whose exchanges --har writes")
}

// writeHAR writes the archive that is asked for, and tells how many it wrote.
func (a *app) writeHAR(run *report.Run, o harOptions) (int, error) {
	if o.file == "" && o.caseID == "" {
		return 0, nil
	}
	if o.file == "" || o.caseID == "" {
		return 0, usage("--har and --case belong together: a file, and the id of the case whose exchanges go there")
	}
	c, err := caseOf(run, o.caseID)
	if err != nil {
		return 0, err
	}
	write := func(w io.Writer, run *report.Run) error {
		text, err := exchange.HAR(baseOf(run, c.Dialect), run.Tool.Version, recorded(run, c))
		if err != nil {
			return err
		}
		_, err = w.Write(text)
		return err
	}
	if err := a.writeReport(o.file, run, format{"har", write}); err != nil {
		return 0, broke(err)
	}
	return 1, nil
}

// caseOf finds a case that has exchanges.
func caseOf(run *report.Run, id string) (*report.Case, error) {
	at := slices.IndexFunc(run.Cases, func(c report.Case) bool { return c.ID == id })
	if at < 0 {
		var ids []string
		for i := range run.Cases {
			ids = append(ids, run.Cases[i].ID)
		}
		return nil, usage("--case: no case of the run is called %q%s", id, target.Suggest(id, ids))
	}
	if len(run.Cases[at].Exchanges) == 0 {
		return nil, usage("--case: no exchange of %s is in the run: those of a case that holds are kept with --evidence", id)
	}
	return &run.Cases[at], nil
}

// baseOf is scheme and authority of the target of a dialect. The embedded
// emulator has an address only while it runs; the requests say which it was.
func baseOf(run *report.Run, dialect string) string {
	for _, t := range run.Targets {
		if t.Dialect == dialect && strings.Contains(t.Endpoint, "://") {
			return t.Endpoint
		}
	}
	return ""
}

// recorded are the exchanges of a case as an archive takes them. Their times are
// counted from the beginning of the run, as that of a case is not known.
func recorded(run *report.Run, c *report.Case) (all []exchange.Exchange) {
	for i := range c.Exchanges {
		x := &c.Exchanges[i]
		e := exchange.Exchange{Step: x.Step, Note: strings.TrimSuffix(x.Step+": "+x.Note, ": "), Duration: milliseconds(x.DurationMS),
			Began: run.Started.Add(milliseconds(x.OffsetMS)), Skipped: x.Skipped,
			Request: exchange.Message{Method: x.Request.Method, Target: x.Request.Target}}
		fill(&e.Request, x.Request.Fields, x.Request.Body)
		if x.Reply != nil {
			e.Reply = &exchange.Message{Status: x.Reply.Status}
			fill(e.Reply, x.Reply.Fields, x.Reply.Body)
		}
		all = append(all, e)
	}
	return all
}

func milliseconds(ms float64) time.Duration { return time.Duration(ms * float64(time.Millisecond)) }

func fill(m *exchange.Message, fields [][2]string, b *report.Body) {
	for _, f := range fields {
		m.Fields = append(m.Fields, wire.Field{Name: f[0], Value: f[1]})
	}
	if b == nil {
		return
	}
	m.Body, m.Length, m.SHA256 = []byte(b.Text), b.Length, b.SHA256
	if b.Base64 != "" {
		m.Body, _ = base64.StdEncoding.DecodeString(b.Base64) // what cannot be read is shown as nothing
	}
}
