package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// A recorder asks the emulator what has arrived at it.
type recorder struct{ url, token string }

// record is what arrived since it was last asked for (GET /record of harness serve --record).
type record struct {
	Requests []arrived
	Beyond   int
	Clauses  []string // that the answers rested on
	Of       int      // clauses that any answer of the dialect can rest on
}

// arrived is a request and how it was answered; rule and clauses are those that refused.
type arrived struct {
	Method, Target, Operation string
	Status                    int
	Code, Rule                string
	Clauses                   []string
	Documented                bool
}

// take is what has arrived since the last time. A nil recorder knows nothing.
func (r *recorder) take(ctx context.Context) (*record, error) {
	if r == nil {
		return &record{}, nil
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.url+"/record", nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+r.token)
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, fmt.Errorf("what has arrived: %w", err)
	}
	defer reply.Body.Close()
	if reply.StatusCode != 200 {
		text, _ := io.ReadAll(io.LimitReader(reply.Body, 200))
		return nil, fmt.Errorf("what has arrived: want 200, got %d %s", reply.StatusCode, text)
	}
	var got record
	if err := json.NewDecoder(reply.Body).Decode(&got); err != nil {
		return nil, fmt.Errorf("what has arrived: %w", err)
	}
	return &got, nil
}

// refusals are what the server has to refuse in a step, by code, or by status where
// the answer has no code of its own. Any other refusal is a failure, and so is a
// passed step in which none of them arrived.
var refusals = map[string][]string{
	"if-none-match-same":     {"304"},
	"if-match-other":         {"PreconditionFailed"},
	"append-wrong-position":  {"409"},
	"multipart-abort":        {"NoSuchUpload", "NoSuchKey"},
	"delete":                 {"NoSuchKey"},
	"delete-several":         {"NoSuchKey"},
	"get-missing-key":        {"NoSuchKey"},
	"head-missing-key":       {"404"},
	"get-missing-bucket":     {"NoSuchBucket"},
	"wrong-secret-get":       {"SignatureDoesNotMatch"},
	"wrong-secret-put":       {"SignatureDoesNotMatch", "NoSuchKey"},
	"unknown-key":            {"InvalidAccessKeyId"},
	"presigned-wrong-secret": {"SignatureDoesNotMatch"},
	"cors":                   {"403"}, // the preflight of another origin
	"acl-unset":              {"ObjectAclNotExists"},
	"acl-other-account":      {"AccessDenied"},
	"acl-anonymous":          {"AccessDenied"},
	"delete-full-bucket":     {"BucketNotEmpty"},
	"delete-bucket":          {"NoSuchBucket"},
}

// asides are refusals of what a client asks beside the step, by the first word
// of its name: s3cmd looks for policies, CORS rules and lifecycles whenever it tells
// of an object or a bucket, and passes over those that are not there.
var asides = map[string][]string{"s3cmd": {"NoSuchBucketPolicy", "NoSuchCORSConfiguration", "NoSuchLifecycleConfiguration"}}

// aside tells whether a refusal answers what a client asks beside the step.
func (a arrived) aside(subject string) bool {
	name, _, _ := strings.Cut(subject, " ")
	return slices.Contains(asides[name], a.Code)
}

// judged compares what arrived in a step with what the step is about.
func (got *record) judged(r Result, d Dialect) error {
	want := refusals[r.Step]
	if r.Step == "acl-unset" && d.Unset != "" {
		want = nil
	}
	var errs []error
	met := map[string]bool{}
	for _, a := range got.Requests {
		if a.Status < 300 || a.aside(r.Subject) {
			continue
		}
		i := slices.IndexFunc(want, func(w string) bool { return w == a.Code || w == strconv.Itoa(a.Status) })
		switch {
		case i < 0:
			errs = append(errs, fmt.Errorf("refused, and the step is sound: %s", a))
		case !a.Documented:
			errs = append(errs, fmt.Errorf("no clause tells this answer: %s", a))
		default:
			met[want[i]] = true
		}
	}
	for _, w := range want {
		if !met[w] && !r.Skipped && r.Err == nil {
			errs = append(errs, fmt.Errorf("%s: the server was never asked for it", w))
		}
	}
	if got.Beyond > 0 {
		errs = append(errs, fmt.Errorf("%d requests were not recorded", got.Beyond))
	}
	return errors.Join(errs...)
}

func (a arrived) String() string {
	return fmt.Sprintf("%s %s (%s): %d %s by rule %q, clauses %v", a.Method, a.Target, a.Operation, a.Status, a.Code, a.Rule, a.Clauses)
}
