package load

import (
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"strconv"

	vegeta "github.com/tsenart/vegeta/v12/lib"
)

// WriteCSV writes a line for each round of each arm; times are in milliseconds.
func (r *Result) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	rows := [][]string{{"keys", "pair", "requests", "ok", "throttled", "good_bytes", "elapsed_ms", "response_p50_ms", "response_p99_ms", "late_p99_ms"}}
	for _, a := range r.Arms {
		for _, x := range a.Rounds {
			rows = append(rows, []string{a.Name, strconv.Itoa(x.Pair), count(x.Requests), count(x.OK), count(x.Throttled), strconv.FormatInt(x.Good, 10),
				millis(int64(x.Elapsed)), millis(int64(x.P50)), millis(int64(x.P99)), millis(int64(x.Late))})
		}
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("load: write the rounds: %w", err)
	}
	return nil
}

func count(n uint64) string { return strconv.FormatUint(n, 10) }

func millis(ns int64) string { return strconv.FormatFloat(float64(ns)/1e6, 'f', -1, 64) }

// RawTo hands vegeta's results on with the bytes that were really moved.
func RawTo(encode func(*vegeta.Result) error) func(*vegeta.Result) error {
	return func(r *vegeta.Result) error {
		r.BytesIn = bytesOf(r.Headers, "X-Bytes-In")
		r.BytesOut = bytesOf(r.Headers, "X-Bytes-Out")
		r.Headers = nil
		return encode(r)
	}
}

func bytesOf(h http.Header, name string) uint64 {
	n, _ := strconv.ParseUint(h.Get(name), 10, 64) // none where there was no reply
	return n
}
