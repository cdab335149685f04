package suites

import (
	"strings"
	"time"

	"objectharness/internal/client"
	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// postSignBooks write how forms are signed, and what becomes of those that are
// not, or wrongly.
var postSignBooks = []func(*Book){postSigned, postMissing, postForged, postNameless, postArguments, postTokens, postDocumented}

// byV1 signs the form of an OSS case with the scheme that its clause speaks of.
func byV1(_ *Scene, u *formUpload) { u.scheme = "oss-v1" }

func postSigned(b *Book) {
	b.Case("signed", "takes a form whose signature is the documented one", By{
		"cos": {Clauses: "COS-SIGN-15 COS-XPOST-10 COS-XPOST-11", Want: Accepted(2)},
		"bos": {Clauses: "BOS-POST-03", Want: Accepted(2)},
		"s3":  {Clauses: "S3-POST-37", Want: Accepted(2)},
	}, Case{When: func(s *Scene) client.Call { return s.Post() }, After: []After{reads("a", "content")}})
	b.Case("signed", "takes a form whose signature is the documented one", By{
		"oss": {Clauses: "OSS-POST-28", Want: Accepted(2)},
	}, Case{When: func(s *Scene) client.Call { return s.Post(byV1) }, After: []After{reads("a", "content")}})
	for _, header := range []string{"OSS x:y", "OSS4-HMAC-SHA256 Credential=x"} {
		b.formRight("header-ignored/"+shortHash(header), "does not look at a signature in the header", By{
			"oss": {Clauses: "OSS-POST-31", Want: Accepted(2)},
		}, func(_ *Scene, u *formUpload) { u.header.Add("Authorization", header) })
	}
	name := map[string]string{"oss": "OSSAccessKeyId", "s3": "x-amz-credential"}[b.Dialect]
	b.formRight("names-in-any-case", "knows fields by their names in any case", By{
		"oss": {Clauses: "OSS-POST-34", Want: Accepted(2)},
		"s3":  {Clauses: "S3-POST-32", Want: Accepted(2)},
	}, byV1For(b), func(_ *Scene, u *formUpload) {
		u.form = func(fields wire.Fields) wire.Fields {
			for i, f := range fields {
				if f.Name == name || f.Name == "policy" || f.Name == "key" || f.Name == "Signature" {
					fields[i].Name = otherCase(f.Name)
				}
			}
			return fields
		}
	})
}

// byV1For is byV1 in the dialect that has two schemes.
func byV1For(b *Book) formChange {
	if b.W.Prefix == "x-oss-" {
		return byV1
	}
	return func(*Scene, *formUpload) {}
}

// otherCase is a name in the other letter case.
func otherCase(name string) string {
	if upper := strings.ToUpper(name); upper != name {
		return upper
	}
	return lower(name)
}

// postMissing tells of forms that have only some of the fields that sign one.
func postMissing(b *Book) {
	all := []string{"OSSAccessKeyId", "policy", "Signature"}
	for _, gone := range [][]string{all[:1], all[1:2], all[2:], all[:2], all[1:], {all[0], all[2]}} {
		b.formWrong("missing/"+lower(strings.Join(gone, "-")), "refuses a form that has only some of the fields of a signature", By{
			"oss": {Clauses: "OSS-POST-27", Want: Refused(400, "InvalidArgument")},
		}, []formChange{byV1}, formWithout(gone...))
	}
	for _, gone := range []string{"q-signature", "policy"} {
		b.formWrong("missing/"+gone, "refuses a form that has only some of the fields of a signature", By{
			"cos": {Clauses: "COS-XPOST-11", Want: Refused(403, "AccessDenied")},
		}, nil, formWithout(gone))
	}
	for gone, shown := range map[string]string{"x-amz-signature": "X-Amz-Signature", "x-amz-algorithm": "X-Amz-Algorithm",
		"x-amz-credential": "X-Amz-Credential", "x-amz-date": "X-Amz-Date"} {
		b.formWrong("missing/"+gone, "refuses a form that has only some of the fields of a signature, and names the one", By{
			"s3": {Clauses: "S3-POST-14", Want: Refused(400, "InvalidArgument"), More: []Want{Want{}.With(formTold("ArgumentName", shown))}},
		}, nil, formWithout(gone))
	}
}

// otherSecret signs with a secret that is not the key's.
func formOtherSecret(s *Scene, u *formUpload) {
	u.sign = func(in *sign.Input) { in.SecretKey = "another-secret-than-that-of-the-key" }
	u.form = func(fields wire.Fields) wire.Fields { s.Keep("policy", fields.Get("policy")); return fields }
}

// formStringToSign holds a refusal to the policy field as the text that is
// signed.
func formStringToSign(s *Scene, r *client.Reply) []Flaw {
	return formTold("StringToSign", s.Kept("policy"))(s, r)
}

// wider lets the policy allow more after it was signed.
func formWider(s *Scene, u *formUpload) {
	u.form = func(fields wire.Fields) wire.Fields {
		fields.Set("policy", policy64(`{"expiration":"2035-01-01T00:00:00Z","conditions":[]}`))
		s.Keep("policy", fields.Get("policy"))
		return fields
	}
}

func postForged(b *Book) {
	mismatch := By{
		"oss": {Clauses: "OSS-POST-29", Want: Refused(403, "SignatureDoesNotMatch")},
		"cos": {Clauses: "COS-POST-18 COS-XPOST-19", Want: Refused(403, "SignatureDoesNotMatch")},
		"bos": {Clauses: "BOS-POST-03", Want: Refused(403, "SignatureDoesNotMatch")},
		"s3":  {Clauses: "S3-POST-17", Want: Refused(403, "SignatureDoesNotMatch").With(formStringToSign)},
	}
	b.formWrong("forged/policy", "refuses a policy that was changed after it was signed", mismatch, nil, formWider)
	b.formWrong("forged/secret", "refuses a policy that another key has signed", mismatch, nil, formOtherSecret)
	b.formWrong("unknown-key", "refuses an access key that nobody has", By{
		"oss": {Clauses: "OSS-POST-30", Want: Refused(403, "InvalidAccessKeyId")},
		"s3":  {Clauses: "S3-POST-31", Want: Refused(403, "InvalidAccessKeyId")},
	}, nil, byV1For(b), func(_ *Scene, u *formUpload) { u.sign = func(in *sign.Input) { in.AccessKey = "nosuchaccesskey0" } })
	b.formWrong("window-over", "refuses a form whose key has ended although its policy has not", By{
		"cos": {Clauses: "COS-POST-17", Want: Refused(403, "AccessDenied")},
	}, nil, func(_ *Scene, u *formUpload) { u.sign = func(in *sign.Input) { in.Time = in.Time.Add(-time.Hour) } })
	b.Case("put-is-free", "does not hold a PUT to the policy of a form", By{
		"cos": {Clauses: "COS-POST-21", Want: Accepted(200)},
	}, Case{
		Given: []Given{formTaken("control", formDemands(`["content-length-range",1,10]`))},
		When:  func(s *Scene) client.Call { return s.Put(s.Key("a"), body(11)) },
		After: []After{reads("a", body(11))},
	})
}

// postNameless tells of forms without a signature.
func postNameless(b *Book) {
	b.formWrong("unsigned", "refuses a form without a signature to a private bucket", By{
		"oss": {Clauses: "OSS-POST-26", Want: Refused(403, "AccessDenied")},
		"cos": {Clauses: "COS-POST-22", Want: Refused(403, "AccessDenied")},
	}, nil, formUnsigned)
	b.formWrong("policy-alone", "takes a form with a policy and no signature for an unsigned one", By{
		"s3": {Clauses: "S3-POST-15", Want: Refused(403, "AccessDenied")},
	}, nil, formWithout("x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature"))
}

func postArguments(b *Book) {
	for _, f := range []struct{ name, field, value, shown string }{
		{"algorithm", "x-amz-algorithm", "AWS4-HMAC-SHA1", "X-Amz-Algorithm"},
		{"date", "x-amz-date", "Wed, 30 Dec 2015 12:00:00 GMT", "X-Amz-Date"},
		{"credential", "x-amz-credential", "no-scope", "X-Amz-Credential"},
	} {
		b.formWrong("argument/"+f.name, "refuses a field of the signature that is not in its form, and names it", By{
			"s3": {Clauses: "S3-POST-30", Want: Refused(400, "InvalidArgument"), More: []Want{Want{}.With(formTold("ArgumentName", f.shown))}},
		}, nil, formReplaced(f.field, f.value))
	}
}

// formToken is a temporary key of OSS.
var formToken = client.Keys{AccessKey: "STS.harnesspost1", SecretKey: "sts-secret-of-post", Token: "token-of-post+/="}

func postTokens(b *Book) {
	temporary := func(s *Scene) { s.NewPrivate(Setup{Keys: []client.Keys{formToken}}) }
	b.Case("token", "takes a form that a temporary key has signed, with its token", By{
		"oss": {Clauses: "OSS-POST-24", Want: Accepted(204), Rests: "OSS-POST-28 OSS-SIGN-HDR-32 OSS-XHDR-13"},
		"cos": {Clauses: "COS-XPOST-11", Want: Accepted(2), Rests: "COS-XHDR-17"},
	}, Case{
		Needs: NeedsPrivate, Given: []Given{temporary},
		When:  func(s *Scene) client.Call { return s.Post() },
		After: []After{reads("a", "content")},
	})
	b.Case("token-missing", "refuses a form that a temporary key has signed, without its token", By{
		"oss": {Clauses: "OSS-POST-24", Want: Refused(403, "InvalidSecurityToken")},
	}, Case{
		Needs: NeedsPrivate, Given: []Given{temporary, formTaken("control")},
		When:  func(s *Scene) client.Call { return s.Post(formWithout("x-oss-security-token")) },
		After: []After{missing("a")},
	})
}

// postDocumented replays the signatures that the documents print.
func postDocumented(b *Book) {
	const (
		policy = "{\n    \"expiration\": \"2019-08-30T09:38:12.414Z\",\n    \"conditions\": [\n        { \"acl\": \"default\" },\n        { \"bucket\": \"examplebucket-1250000000\" },\n        [ \"starts-with\", \"$key\", \"folder/subfolder/\" ],\n        [ \"starts-with\", \"$Content-Type\", \"image/\" ],\n        [ \"starts-with\", \"$success_action_redirect\", \"https://my.website/\" ],\n        [ \"eq\", \"$x-cos-server-side-encryption\", \"AES256\" ],\n        { \"q-sign-algorithm\": \"sha1\" },\n        { \"q-ak\": \"AKIDQjz3ltompVjBni5LitkWHFlFpwkn9U5q\" },\n        { \"q-sign-time\": \"1567150692;1567157892\" }\n    ]\n}"
		bucket = "examplebucket-1250000000"
	)
	keys := client.Keys{AccessKey: "AKIDQjz3ltompVjBni5LitkWHFlFpwkn9U5q", SecretKey: "BQYIM75p8x0iWVFSIgqEKwFprpRSVHlz"}
	b.Case("documented", "takes the signature that the document prints", By{
		"cos": {Clauses: "COS-SIGN-15 COS-XPOST-10", Want: Want{Status: 3}, Rests: "COS-POST-10 COS-POST-09 COS-XBKT-02"},
	}, Case{
		Needs: NeedsPrivate,
		Given: []Given{func(s *Scene) {
			s.NewPrivate(Setup{Time: time.Unix(1567150700, 0).UTC(), Keys: []client.Keys{keys}})
			s.Must(s.CreateBucket(bucket))
		}},
		When: func(s *Scene) client.Call {
			call := s.Post(func(_ *Scene, u *formUpload) {
				u.key, u.unsigned = "folder/subfolder/a", true
				u.fields = wire.Fields{{Name: "acl", Value: "default"}, {Name: "Content-Type", Value: "image/jpeg"},
					{Name: "success_action_redirect", Value: "https://my.website/"}, {Name: "x-cos-server-side-encryption", Value: "AES256"},
					{Name: "policy", Value: policy64(policy)}, {Name: "q-sign-algorithm", Value: "sha1"}, {Name: "q-ak", Value: keys.AccessKey},
					{Name: "q-key-time", Value: "1567150692;1567157892"}, {Name: "q-signature", Value: "7758dc9a832e9d301dca704cacbf9d9f8172fdef"}}
			})
			call.Bucket = bucket
			return call
		},
		After: []After{formThere(bucket, "folder/subfolder/a")},
	})
}

// formThere is the later look that the documented form is stored.
func formThere(bucket, key string) After {
	return After{Text: "the object is there",
		Call: func(*Scene) client.Call { return client.Call{Method: "GET", Bucket: bucket, Key: key} }, Want: Accepted(200).Content("content")}
}
