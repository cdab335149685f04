package all_test

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"objectharness/internal/dialect"
	"objectharness/internal/dialect/all"
	"objectharness/internal/sign"
)

func TestByName(t *testing.T) {
	if _, err := all.ByName("gcs"); err == nil || !strings.Contains(err.Error(), "oss, cos, bos, s3") {
		t.Errorf("got %v, want an error that lists the dialects", err)
	}
}

// A caller may change its copy.
func TestCopiesShareNothing(t *testing.T) {
	for _, d := range all.All() {
		other := byName(t, d.Name)
		clear(d.Codes)
		for form := range d.Refusals {
			clear(d.Refusals[form])
		}
		d.Routes[0].Operation, d.Replies[0].Name = "", ""
		if len(d.BucketNames.Ends) > 0 {
			d.BucketNames.Ends[0] = ""
		}
		again := byName(t, d.Name)
		for _, o := range []*dialect.Dialect{other, again} {
			if len(o.Codes) == 0 || o.Routes[0].Operation == "" || o.Replies[0].Name == "" || o.BucketNames.Ends != nil && o.BucketNames.Ends[0] == "" {
				t.Errorf("%s: a copy shares data", d.Name)
			}
			for form := range o.Refusals {
				if len(o.Refusals[form]) == 0 {
					t.Errorf("%s: a copy shares the refusals of %v", d.Name, form)
				}
			}
		}
	}
}

// Every answer to a refused signature is a documented code with its status.
func TestRefusals(t *testing.T) {
	for _, d := range all.All() {
		for form, answers := range d.Refusals {
			for _, must := range []sign.Reason{sign.Anonymous, sign.Malformed, sign.MissingField, sign.Repeated, sign.UnknownKey, sign.Mismatch, sign.BadToken} {
				if _, ok := answers[must]; !ok {
					t.Errorf("%s: %+v has no answer to %s", d.Name, form, must)
				}
			}
			for reason, a := range answers {
				if want, ok := d.Codes[a.Code]; !ok || want.Status != a.Status {
					t.Errorf("%s: %+v: %s is answered with %d %s, the table has %d", d.Name, form, reason, a.Status, a.Code, want.Status)
				}
			}
		}
		for _, s := range d.Schemes {
			for _, form := range []dialect.Form{{Scheme: s.Name()}, {Scheme: s.Name(), Presigned: true}} {
				if len(d.Refusals[form]) == 0 {
					t.Errorf("%s: no refusals of %+v", d.Name, form)
				}
			}
		}
	}
}

func TestRefuse(t *testing.T) {
	for _, c := range []struct {
		dialect string
		form    dialect.Form
		reason  sign.Reason
		status  int
		code    string
	}{
		{"oss", dialect.Form{Scheme: "oss-v1"}, sign.Skewed, 403, "RequestTimeTooSkewed"},
		{"oss", dialect.Form{Scheme: "oss-v1", Presigned: true}, sign.MissingField, 403, "AccessDenied"},
		{"oss", dialect.Form{Scheme: "oss-v1", Posted: true}, sign.MissingField, 400, "InvalidArgument"},
		{"oss", dialect.Form{Scheme: "oss-v4"}, sign.WrongRegion, 400, "InvalidArgument"},
		{"cos", dialect.Form{Scheme: "cos-sha1", Presigned: true}, sign.Expired, 403, "AccessDenied"},
		{"bos", dialect.Form{Scheme: "bce-auth-v1"}, sign.Expired, 400, "RequestExpired"},
		{"s3", dialect.Form{Scheme: "aws-sigv4", Presigned: true}, sign.MissingField, 400, "AuthorizationQueryParametersError"},
		{"s3", dialect.Form{Scheme: "aws-sigv4"}, sign.WrongRegion, 400, "AuthorizationHeaderMalformed"},
		{"s3", dialect.Form{Scheme: "other"}, sign.Mismatch, 403, "AccessDenied"},
	} {
		if got := byName(t, c.dialect).Refuse(c.form, c.reason); got.Status != c.status || got.Code != c.code || got.Message == "" {
			t.Errorf("%s: %+v %s is answered with %+v, want %d %s", c.dialect, c.form, c.reason, got, c.status, c.code)
		}
	}
}

// COS-XSIG-07, COS-XSIG-12 and COS-XERR-09 print these messages.
func TestPrintedMessages(t *testing.T) {
	d := byName(t, "cos")
	for reason, want := range map[sign.Reason]string{
		sign.Expired: "Request has expired", sign.Anonymous: "Access Denied.", sign.Mismatch: "The Signature you specified is invalid.",
	} {
		if got := d.Refuse(dialect.Form{Scheme: "cos-sha1"}, reason).Message; got != want {
			t.Errorf("%s: message %q, want %q", reason, got, want)
		}
	}
}

// The clauses that the data files and comments name exist.
func TestSourcesExist(t *testing.T) {
	id := regexp.MustCompile(`\b(?:OSS|COS|BOS|S3)-[A-Z0-9-]*?[A-Z][A-Z0-9]*-[0-9]+\b`)
	for _, d := range all.All() {
		known := map[string]bool{}
		for _, clause := range clauses(t, d.Name) {
			known[strings.TrimSpace(strings.TrimPrefix(strings.SplitN(clause, "\n", 2)[0], "id:"))] = true
		}
		n := 0
		for _, file := range []string{"codes.tsv", "refusals.tsv", d.Name + ".go"} {
			text, err := os.ReadFile("../" + d.Name + "/" + file)
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range id.FindAllString(string(text), -1) {
				if n++; !known[name] {
					t.Errorf("%s/%s names %s, which is no clause", d.Name, file, name)
				}
			}
		}
		if n < 100 {
			t.Errorf("%s: read %d clause ids, want at least 100", d.Name, n)
		}
	}
}

// Where a clause of the catalogue says status and code, the table agrees, but
// for the differences listed here.
func TestCodesAgreeWithClauses(t *testing.T) {
	excepted := map[string]string{
		"OSS-SELECT-ERR-09 InvalidRange": "SelectObject answers 400 where GetObject answers 416",
		"OSS-XERR-04 ArgumentName":       "an element, not a code",
	}
	then := regexp.MustCompile(`(?m)^ +then: (.*)$`)
	answer := regexp.MustCompile(`\b([2-5][0-9]{2}),? (?:Code )?([A-Z][a-z]+(?:[A-Z][A-Za-z0-9]*)+)\b`)
	for _, d := range all.All() {
		n := 0
		for _, clause := range clauses(t, d.Name) {
			m := then.FindStringSubmatch(clause)
			if m == nil {
				continue
			}
			id := strings.TrimSpace(strings.TrimPrefix(strings.SplitN(clause, "\n", 2)[0], "id:"))
			for _, a := range answer.FindAllStringSubmatch(m[1], -1) {
				got, ok := d.Codes[a[2]]
				if _, not := excepted[id+" "+a[2]]; not || !ok && a[1][0] == '2' {
					continue
				}
				if n++; !ok || a[1] != strconv.Itoa(got.Status) {
					t.Errorf("%s: the clause says %s %s, the table %d", id, a[1], a[2], got.Status)
				}
			}
		}
		if n < 50 {
			t.Errorf("%s: compared %d answers, want at least 50", d.Name, n)
		}
	}
}
