package emulator

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"objectharness/internal/dialect/all"
)

// policySeeds are policies of buckets, right ones and wrong ones.
var policySeeds = []string{
	"", "{", "[]", "{}", `{"Statement":[]}`, `{"Statement":{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}}`,
	`{"Version":"2012-10-17","Statement":[{"Sid":"1","Effect":"Allow","Principal":{"AWS":["*"]},"Action":["s3:GetObject"],"Resource":"arn:aws:s3:::documents-1250000000/*"}]}`,
	`{"Statement":[{"Effect":"Allow","NotPrincipal":{"CanonicalUser":"1"},"NotAction":"s3:Put?bject","NotResource":["arn:aws:s3:::documents-1250000000/a?*"]}]}`,
	`{"Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::documents-1250000000","Condition":{"Bool":{"aws:SecureTransport":false}}}]}`,
	`{"Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::documents-1250000000/*","Condition":{"StringLike":{"aws:Referer":["*a*b","?"]},"Null":{"s3:prefix":"true"},"IpAddressIfExists":{"aws:SourceIp":"not an address"}}}]}`,
	strings.Repeat(`{"Statement":`, 100), strings.Repeat("[", 1000), `{"Statement":[{"Action":` + strings.Repeat(`["`, 50),
}

// patternBound and nameBound bound what a pattern is tried with: the work is their
// product.
const patternBound, nameBound = 256, 1024

// FuzzBucketPolicy reads whatever comes as the policy of a bucket, and then has it
// judge requests: it never panics, and no request is answered 500. A pattern of it
// means what it means as a regular expression.
func FuzzBucketPolicy(f *testing.F) {
	for i, text := range policySeeds {
		f.Add(text, "arn:aws:s3:::b/*a?"+strings.Repeat("*a", i), "arn:aws:s3:::b/"+strings.Repeat("a", i))
	}
	var bench *documentBench
	for _, d := range all.All() {
		if d.Name == "s3" {
			bench = newDocumentBench(f, d)
		}
	}
	bucket := bench.store.Bucket(bench.bucket)
	f.Fuzz(func(t *testing.T, text, pattern, name string) {
		pattern, name = pattern[:min(len(pattern), patternBound)], name[:min(len(name), nameBound)]
		checkPattern(t, pattern, name)
		if int64(len(text)) > bench.d.Limits.PolicySize {
			text = text[:bench.d.Limits.PolicySize]
		}
		if p, err := policyText([]byte(text)); err == nil && p.public() && len(p.Statement) == 0 {
			t.Errorf("a policy without a statement is public: %q", text)
		}
		if err := bucket.Configure(policySetting, text); err != nil {
			t.Fatal(err)
		}
		defer bucket.Configure(policySetting, "")
		for _, ask := range []struct{ method, rest string }{{"GET", "/key"}, {"PUT", "/key?tagging"}, {"GET", "?list-type=2&prefix=a"}, {"GET", "?policyStatus"}} {
			if r := bench.ask(t, ask.method, ask.rest, ""); r.Status >= 500 && r.Status != 501 {
				t.Errorf("%s %s answers %d under the policy %q", ask.method, ask.rest, r.Status, text)
			}
		}
	})
}

// checkPattern compares what a pattern matches with a regular expression.
func checkPattern(t *testing.T, pattern, name string) {
	t.Helper()
	if !utf8.ValidString(pattern) || !utf8.ValidString(name) {
		return // policies are JSON, which has no such texts
	}
	var b strings.Builder
	b.WriteString(`(?s)\A`)
	for _, c := range pattern {
		switch c {
		case '*':
			b.WriteString(".*")
		case '?':
			b.WriteString(".")
		default:
			b.WriteString(regexp.QuoteMeta(string(c)))
		}
	}
	want := regexp.MustCompile(b.String() + `\z`).MatchString(name)
	if got := policyLike(pattern, name, '*', '?'); got != want {
		t.Errorf("policyLike(%q, %q) = %v, want %v", pattern, name, got, want)
	}
}
