package suites

import (
	"fmt"
	"html"
	"regexp"
	"strings"

	"github.com/onsi/gomega"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// copyBooks write the chapter copy: what a copy is and answers in copy.go, its
// source in copy_source.go and copy_condition.go, what is kept of it in
// copy_meta.go and copy_tags.go, copies of an object onto itself and of special ones in copy_self.go and copy_parts.go.
var copyBooks = []func(*Book){copyPlain, copyResults, copyKeys, copySourceForms, copyMissing, copyMalformed, copyAccess, copyConditions, copyConditionPairs,
	copyMetadata, copyTagging, copyBroken, copyLists, copyParts, copyClasses, copyEncryption, copyOntoItself, copyOntoItselfOSS, copyAppendable, copyArchived, copySizes, copyTargets, copyTargetRules}

// Copy copies a key of the case's own to another one.
func (s *Scene) Copy(from, to string, fields ...wire.Field) client.Call {
	return s.CopyOf(s.source(s.Bucket, wire.EscapePath(s.Key(from))), to, fields...)
}

// CopyOf copies what source names, which is any text, to a key of the case's own.
func (s *Scene) CopyOf(source, to string, fields ...wire.Field) client.Call {
	return client.Call{Method: "PUT", Bucket: s.Bucket, Key: s.Key(to),
		Fields: append(wire.Fields{Field(s.W.Prefix+"copy-source", source)}, fields...)}
}

// source names an object the way in which the dialect's copies do; key is
// encoded already.
func (s *Scene) source(bucket, key string) string {
	return strings.NewReplacer("{bucket}", bucket, "{region}", s.Owner.Region, "{key}", key).Replace(s.W.Source)
}

// copyMade is a case that copies from to k and finds the content there.
func copyMade(fields ...wire.Field) Case {
	return Case{
		Given: []Given{put("from", "content")},
		When:  func(s *Scene) client.Call { return s.Copy("from", "k", fields...) },
		After: []After{reads("k", "content")},
	}
}

// copyRefused is a case whose copy is refused and makes nothing.
func copyRefused(when func(*Scene) client.Call, given ...Given) Case {
	return Case{Given: given, When: when, After: []After{missing("k")}}
}

// copyWants is that a copy is made and answered with all that the documents say
// of its result.
func copyWants(b *Book) Want {
	quoted := `"` + copyMD5 + `"`
	return Accepted(200).With(map[string]func(*Scene, *client.Reply) []Flaw{
		"oss": copyResult("ETag", Present, "LastModified", Present),
		"cos": copyResult("ETag", quoted, "LastModified", gomega.MatchRegexp(copyTimeAny), "CRC64", copyCRC),
		"bos": copyResult("eTag", Present, "lastModified", Present),
		"s3":  copyResult("ETag", quoted, "LastModified", gomega.MatchRegexp(copyTimeAny)),
	}[b.Dialect])
}

func copyPlain(b *Book) {
	b.Case("plain", "copies an object and answers 200 with a result", By{
		"oss": {Clauses: "OSS-COPY-01", Want: copyWants(b).Field("Content-Type", "application/xml")},
		"cos": {Clauses: "COS-XCOPY-02", Want: copyWants(b), Rests: "COS-PUT-01"}, "bos": {Clauses: "BOS-COPY-01", Want: copyWants(b)},
		"s3": {Clauses: "S3-COPY-01", Want: copyWants(b), Rests: "S3-OBJ-01"},
	}, copyMade())
	b.Case("operation", "offers CopyObject", By{"bos": {Clauses: "BOS-API-85", Want: Accepted(2)}}, copyMade())
	b.Case("body-of-success", "answers a copy that is made with a result, which is no error document", By{
		"cos": {Clauses: "COS-XERR-06", Want: Shown().Content(gomega.And(gomega.ContainSubstring("<CopyObjectResult"), gomega.Not(gomega.ContainSubstring("<Error>"))))},
	}, copyAnswered("content"))
	across := copyMade()
	across.Given = append(across.Given, own("b"))
	across.When = func(s *Scene) client.Call {
		call := s.Copy("from", "k")
		call.Bucket = s.Own("b")
		s.In(call.Bucket, call.Key)
		return call
	}
	across.After = []After{{Text: "the other bucket holds it",
		Call: func(s *Scene) client.Call { return client.Call{Method: "GET", Bucket: s.Own("b"), Key: s.Key("k")} }, Want: Accepted(200).Content("content")}}
	b.Case("across-buckets", "copies from one bucket to another", By{
		"oss": {Clauses: "OSS-COPY-02", Want: Accepted(200)}, "cos": {Clauses: "COS-XCOPY-01", Want: Accepted(200)},
		"bos": {Clauses: "BOS-COPY-01", Want: copyWants(b)}, "s3": {Clauses: "S3-COPY-01", Want: copyWants(b), Rests: "S3-OBJ-01"},
	}, across)
}

// copyResult holds members of a copy's result, in XML or JSON, to what they must
// be: name and literal or matcher in turn.
func copyResult(members ...any) func(*Scene, *client.Reply) []Flaw {
	return func(_ *Scene, r *client.Reply) (flaws []Flaw) {
		for i := 0; i < len(members); i += 2 {
			name := members[i].(string)
			got := copyMember(string(r.Body), name)
			if expected, ok := matches(members[i+1], got); !ok {
				flaws = append(flaws, Flaw{"member " + name + " of the result: " + expected, excerpt(got)})
			}
		}
		return flaws
	}
}

// copyMember is the text of an element or of a JSON member, "" where there is
// none.
func copyMember(body, name string) string {
	form := fmt.Sprintf(`(?s)<%[1]s>(.*?)</%[1]s>|"%[1]s"\s*:\s*"(.*?)"`, regexp.QuoteMeta(name))
	m := regexp.MustCompile(form).FindStringSubmatch(body)
	if m == nil {
		return ""
	}
	return html.UnescapeString(m[1]) + m[2]
}

const (
	copyMD5         = "9a0364b9e99bb480dd25e1f0284c8555" // of content
	copyCRC         = "8883282091546349020"              // CRC-64/ECMA of content
	copyTimeMillis  = `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`
	copyTimeSeconds = `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`
	copyTimeAny     = `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$`
)

// copyAnswered is a case that looks at nothing but the reply to a copy of
// content.
func copyAnswered(content string) Case {
	return Case{Given: []Given{put("from", content)}, When: func(s *Scene) client.Call { return s.Copy("from", "k") }}
}

func copyResults(b *Book) {
	b.Case("result/etag", "answers the MD5 of the content as ETag of the copy", By{
		"oss": {Clauses: "OSS-COPY-30", Want: Shown().With(copyResult("ETag", `"`+strings.ToUpper(copyMD5)+`"`)), Rests: "OSS-PUT-02"},
		"bos": {Clauses: "BOS-COPY-14", Want: Shown().With(copyResult("eTag", gomega.MatchRegexp(`^"?`+copyMD5+`"?$`))), Rests: "BOS-PUT-01"},
	}, copyAnswered("content"))
	b.Case("result/members", "answers the time of the copy in whole seconds and its ETag without quotes", By{
		"bos": {Clauses: "BOS-COPY-02", Want: Shown().With(copyResult("eTag", copyMD5, "lastModified", gomega.MatchRegexp(copyTimeSeconds))), Rests: "BOS-PUT-01"},
	}, copyAnswered("content"))
	b.Case("result/etag-field", "answers the ETag of the copy in a field, too", By{
		"oss": {Clauses: "OSS-COPY-28", Want: Shown().With(func(s *Scene, r *client.Reply) []Flaw {
			return copyResult("ETag", gomega.Equal(r.Fields.Get("ETag")))(s, r)
		})},
	}, copyAnswered("content"))
	b.Case("result/modified", "answers the time of the copy in milliseconds", By{
		"oss": {Clauses: "OSS-COPY-27", Want: Shown().With(copyResult("LastModified", gomega.MatchRegexp(copyTimeMillis)))},
	}, copyAnswered("content"))
	b.Case("crc64-field", "answers the CRC-64 of the copy in a field, if any", By{
		"cos": {Clauses: "COS-COPY-02", Want: Shown().Field(b.W.CRC64, crcOf123456789)},
		"oss": {Clauses: "OSS-COPY-29", Want: Shown().With(func(_ *Scene, r *client.Reply) []Flaw {
			if got := r.Fields.Get("x-oss-hash-crc64ecma"); got != "" && got != crcOf123456789 {
				return []Flaw{{"no CRC-64, or " + crcOf123456789, got}}
			}
			return nil
		})},
	}, copyAnswered("123456789"))
}
