package runner

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/onsi/ginkgo/v2/types"
)

// decodeHead reads the JSON of a report of any size in little memory: the specs
// in it are skipped.
func decodeHead(r io.Reader) (types.Report, error) {
	var report types.Report
	dec := json.NewDecoder(r)
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return report, fmt.Errorf("runner: a report is a JSON object, got %v: %w", t, orUnexpected(err))
	}
	head := map[string]json.RawMessage{}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return report, fmt.Errorf("runner: report: %w", err)
		}
		if name == "SpecReports" {
			err = skip(dec)
		} else {
			var value json.RawMessage
			err = dec.Decode(&value)
			head[fmt.Sprint(name)] = value
		}
		if err != nil {
			return report, fmt.Errorf("runner: report: %v: %w", name, err)
		}
	}
	if _, err := dec.Token(); err != nil {
		return report, fmt.Errorf("runner: report: %w", orUnexpected(err))
	}
	text, err := json.Marshal(head)
	if err == nil {
		err = json.Unmarshal(text, &report)
	}
	return report, err
}

// skip reads over one value.
func skip(dec *json.Decoder) error {
	for depth := 0; ; {
		t, err := dec.Token()
		if err != nil {
			return err
		}
		switch t {
		case json.Delim('['), json.Delim('{'):
			depth++
		case json.Delim(']'), json.Delim('}'):
			depth--
		}
		if depth == 0 {
			return nil
		}
	}
}

func orUnexpected(err error) error {
	if err == nil || err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
