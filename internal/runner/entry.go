package runner

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/onsi/ginkgo/v2/types"
)

// ErrNoEntry says that a spec has no report entry of the name asked for.
var ErrNoEntry = errors.New("runner: no such report entry")

// Entry decodes the last report entry called name into the value that into
// points to. It takes the JSON form, as Go values do not survive the way from
// another process; in the process that made it, the entry is encoded first.
func Entry(spec types.SpecReport, name string, into any) error {
	for i := len(spec.ReportEntries) - 1; i >= 0; i-- {
		if e := spec.ReportEntries[i]; e.Name == name {
			return decode(e, into)
		}
	}
	return fmt.Errorf("%w: %q in %q", ErrNoEntry, name, spec.FullText())
}

func decode(e types.ReportEntry, into any) error {
	text := []byte(e.Value.AsJSON)
	if len(text) == 0 {
		var err error
		if text, err = json.Marshal(e.Value.GetRawValue()); err != nil {
			return fmt.Errorf("runner: report entry %q: %w", e.Name, err)
		}
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("runner: report entry %q: %w", e.Name, err)
	}
	return nil
}
