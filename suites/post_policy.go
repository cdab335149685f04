package suites

import (
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/onsi/gomega"

	"objectharness/internal/client"
	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// postPolicyBooks write what a policy demands of a form, and which policies are
// none.
var postPolicyBooks = []func(*Book){policyDocuments, policyConditionForms, policyExpires, policyEquals, policyPrefixes, policyRanges,
	policyFields, policyBucket, policyExtra, policyVariables, policyEscapes, policyPins}

// formDenied is the refusal of a form that its policy forbids, about the clauses of
// a row.
func formDenied(clauses string) Row { return Row{Clauses: clauses, Want: Refused(403, "AccessDenied")} }

// formBadPolicy is the refusal of a policy that cannot be read.
func formBadPolicy(clauses string) Row {
	return Row{Clauses: clauses, Want: Refused(400, "InvalidPolicyDocument")}
}

// formTells is a refusal in COS that tells why: about the clauses of a row, and
// the words about one of them.
func formTells(clauses, of, words string, w Want) Row {
	return Row{Clauses: clauses, Want: w.Of(clauses), More: []Want{Want{}.With(formMessage(words)).Of(of)}, Rests: "COS-XERR-01"}
}

// formMismatch is that of a condition.
func formMismatch(clauses string) Row {
	return formTells(clauses, "COS-XPOST-18", "Condition key", Refused(403, "AccessDenied"))
}

// formNoPolicy is that of a policy that cannot be read.
func formNoPolicy(clauses string) Row {
	return formTells(clauses, "COS-XPOST-20", "condition", Refused(400, "InvalidPolicyDocument"))
}

// formAllowed is a form that its policy allows.
func formAllowed(clauses string) Row { return Row{Clauses: clauses, Want: Accepted(2)} }

// policyText signs another text than the usual policy.
func policyText(edit func(policy string) string) formChange {
	return func(_ *Scene, u *formUpload) { u.document = edit }
}

func policyDocuments(b *Book) {
	for _, d := range []struct {
		name, text string
		by         By
		wrong      formChange
	}{
		{"not-json", "refuses a policy that is no JSON", By{"oss": formBadPolicy("OSS-POST-37"), "cos": formNoPolicy("COS-POST-07 COS-XPOST-20"),
			"bos": formBadPolicy("BOS-ERR-37"), "s3": formBadPolicy("S3-POST-28")},
			policyText(func(string) string { return "not json" })},
		{"cut-off", "refuses a policy that ends too early", By{"oss": formBadPolicy("OSS-POST-37"), "cos": formNoPolicy("COS-POST-07 COS-XPOST-20"),
			"bos": formBadPolicy("BOS-ERR-37"), "s3": formBadPolicy("S3-POST-28")},
			policyText(func(p string) string { return p[:len(p)-1] })},
		{"no-expiration", "refuses a policy without expiration", By{"oss": formBadPolicy("OSS-POST-38"), "s3": formBadPolicy("S3-POST-28")},
			policyText(func(p string) string { return "{" + p[strings.Index(p, `"conditions"`):] })},
		{"no-conditions", "refuses a policy without conditions", By{"oss": formBadPolicy("OSS-POST-38"), "cos": formNoPolicy("COS-POST-07 COS-XPOST-20"), "s3": formBadPolicy("S3-POST-28")},
			policyText(func(p string) string { return p[:strings.Index(p, `,"conditions"`)] + "}" })},
	} {
		b.formWrong("policy/"+d.name, d.text, d.by, nil, d.wrong)
	}
	b.formWrong("policy/not-base64", "refuses a policy that is not base64", By{
		"oss": formBadPolicy("OSS-POST-37"), "bos": formBadPolicy("BOS-ERR-37"), "s3": formBadPolicy("S3-POST-28"),
	}, []formChange{byV1For(b)}, rawPolicy("*not base64*"))
	b.formRight("policy/shape", "reads conditions that are objects and such that are lists", By{
		"cos": formAllowed("COS-POST-07"), "oss": formAllowed("OSS-POST-37"),
	}, policyText(func(p string) string { return "\r\n " + strings.ReplaceAll(p, ",", " ,\n\t") }))
}

// message holds the message of a refusal to some words.
func formMessage(words string) func(*Scene, *client.Reply) []Flaw {
	return func(_ *Scene, r *client.Reply) []Flaw {
		if !strings.Contains(r.Err.Message, words) {
			return []Flaw{{"a message with " + words, r.Err.Message}}
		}
		return nil
	}
}

// policyConditionForms tells of conditions that are none.
func policyConditionForms(b *Book) {
	b.formWrong("condition/two-properties", "refuses an object of two properties as a condition", By{"s3": formBadPolicy("S3-POST-21")}, nil,
		func(s *Scene, u *formUpload) {
			u.more = []string{`{"bucket":` + jsonText(s.Bucket) + `,"key":` + jsonText(s.Key("a")) + `}`}
		})
	b.formWrong("condition/operator", "refuses an operator that there is not", By{"s3": formBadPolicy("S3-POST-29")}, nil, formDemands(`["invalid","$key","a"]`))
	b.formWrong("condition/arguments", "refuses a condition of too many arguments", By{"s3": formBadPolicy("S3-POST-29")}, nil, formDemands(`["eq","$key","a","b"]`))
	b.formWrong("condition/no-dollar", "does not know a field without the dollar sign", By{"s3": formDenied("S3-POST-20")}, nil,
		func(s *Scene, u *formUpload) { u.more = []string{`["eq","key",` + jsonText(s.Key("a")) + `]`} })
	b.formWrong("condition/range-of-texts", "takes a range that is no numbers for a condition that fails", By{"s3": formDenied("S3-POST-27")}, nil,
		formDemands(`["content-length-range","test","10"]`))
	b.formWrong("condition/prefix-of-bucket", "refuses a prefix where only exact matches are allowed", By{"cos": formBadPolicy("COS-XPOST-15")}, nil,
		formDemands(`["starts-with","$bucket",""]`))
	b.formWrong("condition/prefix-of-status", "refuses a prefix where only exact matches are allowed", By{"cos": formBadPolicy("COS-XPOST-15")}, nil,
		formDemands(`["starts-with","$success_action_status","2"]`), formWith("success_action_status", "200"))
}

// lasting gives the policy an expiration some time from now.
func formLife(d time.Duration) formChange { return func(_ *Scene, u *formUpload) { u.life = d } }

func policyExpires(b *Book) {
	over := By{"oss": formDenied("OSS-POST-39"), "cos": formTells("COS-POST-16 COS-XPOST-17", "COS-XPOST-17", "has been expired", Refused(403, "AccessDenied")), "bos": formDenied("BOS-POST-04"), "s3": formDenied("S3-POST-18")}
	b.formWrong("expiration/over", "refuses a policy that has ended a minute ago", over, nil, formLife(-time.Minute))
	b.formRight("expiration/ahead", "takes a policy that ends in a minute", By{"oss": formAllowed("OSS-POST-39")}, formLife(time.Minute))
	b.formRight("expiration/fraction", "reads an expiration with milliseconds", By{"oss": formAllowed("OSS-POST-39")},
		func(s *Scene, u *formUpload) {
			u.expires = s.Now().Add(time.Minute).UTC().Format("2006-01-02T15:04:05.000Z")
		})
	for _, at := range []struct {
		name, text string
		life       time.Duration
		by         By
		after      After
	}{
		{"last-second", "takes a form in the last second before the expiration", time.Second, By{"oss": formAllowed("OSS-POST-39")}, reads("a", "content")},
		{"that-second", "refuses a form in the second of the expiration", 0,
			By{"oss": formDenied("OSS-POST-39"), "cos": formTells("COS-POST-16 COS-XPOST-17", "COS-XPOST-17", "has been expired", Refused(403, "AccessDenied")), "bos": formDenied("BOS-POST-04"), "s3": formDenied("S3-POST-18")}, missing("a")},
		{"second-ago", "refuses a form a second after the expiration", -time.Second, over, missing("a")},
	} {
		b.Case("expiration/"+at.name, at.text, at.by, Case{
			Needs: NeedsPrivate,
			Given: []Given{standing, formTaken("control")},
			When:  func(s *Scene) client.Call { return s.Post(formLife(at.life)) },
			After: []After{at.after},
		})
	}
}

// keyIs demands that the key is one of the case's, in the words of a condition.
func keyIs(write func(key string) string, name string) formChange {
	return func(s *Scene, u *formUpload) { u.more = append(u.more, write(s.Key(name))) }
}

func policyEquals(b *Book) {
	object := func(key string) string { return condEqual("key", key) }
	list := func(key string) string { return condOp("eq", "key", key) }
	for _, f := range []struct {
		name         string
		write        func(string) string
		right, wrong By
	}{
		{"object", object,
			By{"oss": formAllowed("OSS-POST-40"), "cos": formAllowed("COS-POST-10 COS-XPOST-13"), "bos": formAllowed("BOS-POST-05")},
			By{"oss": formDenied("OSS-POST-40"), "cos": formMismatch("COS-POST-10 COS-POST-25 COS-XPOST-18"), "bos": formDenied("BOS-POST-05")}},
		{"list", list,
			By{"oss": formAllowed("OSS-POST-41"), "cos": formAllowed("COS-POST-10 COS-XPOST-13")},
			By{"oss": formDenied("OSS-POST-41"), "cos": formDenied("COS-POST-10 COS-XPOST-13")}},
	} {
		b.formRight("eq/"+f.name+"/same", "takes a form whose field is the value of an exact condition", f.right, keyIs(f.write, "a"))
		b.formWrong("eq/"+f.name+"/other", "refuses a form whose field is another value", f.wrong, nil, keyIs(f.write, "b"))
		b.formWrong("eq/"+f.name+"/longer", "refuses a form whose field only begins with the value", f.wrong, nil, keyIs(f.write, ""))
	}
	b.formWrong("eq/letter-case", "compares values with regard to letter case", By{"oss": formDenied("OSS-POST-35")}, nil, keyIs(object, "A"))
	redirect := formWith(formWordsOf[b.Dialect].redirect, "http://example.com/Y")
	b.formWrong("eq/redirect", "refuses a form that redirects elsewhere than its policy says", By{"s3": formDenied("S3-POST-19")}, nil,
		redirect, formDemands(condOp("eq", formWordsOf[b.Dialect].redirect, "http://example.com/X")))
	b.formWrong("eq/redirect-letter-case", "compares values with regard to letter case", By{"s3": formDenied("S3-POST-19")}, nil,
		redirect, formDemands(condOp("eq", formWordsOf[b.Dialect].redirect, "http://example.com/y")))
	postQuoted(b)
	wild := func(key string) string { return condEqual("key", key[:len(key)-1]+"*") }
	b.formRight("eq/asterisk/same", "takes an asterisk at the end of a value for any end", By{"bos": formAllowed("BOS-POST-05")}, keyIs(wild, "ab"))
	b.formWrong("eq/asterisk/other", "refuses a key that does not begin as the value before the asterisk", By{"bos": formDenied("BOS-POST-05")}, nil, keyIs(wild, "xy"))
}

func policyPrefixes(b *Book) {
	begins := func(key string) string { return condOp("starts-with", "key", key) }
	b.formRight("starts-with/same", "takes a form whose field is the prefix itself", By{"oss": formAllowed("OSS-POST-42"), "cos": formAllowed("COS-POST-09 COS-XPOST-13"), "s3": formAllowed("S3-POST-22")}, keyIs(begins, "a"))
	b.formRight("starts-with/longer", "takes a form whose field begins with the prefix", By{"oss": formAllowed("OSS-POST-42"), "cos": formAllowed("COS-POST-09 COS-XPOST-13"), "s3": formAllowed("S3-POST-22")}, keyIs(begins, ""))
	b.formWrong("starts-with/other", "refuses a form whose field does not begin with the prefix", By{"oss": formDenied("OSS-POST-42"), "cos": formDenied("COS-POST-09 COS-XPOST-13"), "s3": formDenied("S3-POST-22")}, nil, keyIs(begins, "b"))
	for _, t := range []struct {
		name, prefix string
		value        string
		by           By
	}{
		{"image", "image/", "image/png", By{"cos": formAllowed("COS-POST-19")}},
		{"star-itself", "image/*", "image/*", By{"cos": formAllowed("COS-POST-20")}},
	} {
		b.formRight("type/"+t.name, "takes a type that begins as the policy says", t.by, formDemands(condOp("starts-with", "Content-Type", t.prefix)), formWith("Content-Type", t.value))
	}
	image := []formChange{formDemands(condOp("starts-with", "Content-Type", "image/")), formWith("Content-Type", "image/png")}
	b.formWrong("type/text", "refuses a type that does not begin as the policy says", By{"cos": formDenied("COS-POST-19")},
		image, formReplaced("Content-Type", "text/html"))
	b.formWrong("type/none", "refuses a form without the type that the policy speaks of", By{"cos": formDenied("COS-POST-19 COS-XPOST-14")},
		image, formWithout("Content-Type"))
	b.formWrong("type/star", "takes an asterisk in a prefix for itself", By{"cos": formDenied("COS-POST-20")}, nil,
		formDemands(condOp("starts-with", "Content-Type", "image/*")), formWith("Content-Type", "image/png"))
	b.formWrong("acl-absent", "refuses a form without a field that its policy names", By{"cos": formDenied("COS-XPOST-14")}, nil, formDemands(condEqual("acl", "default")))
}

// rawPolicy puts a text in place of the policy's base64, and signs that.
func rawPolicy(text string) formChange {
	return func(s *Scene, u *formUpload) {
		k := s.Owner.Keys.SecretKey
		u.form = func(fields wire.Fields) wire.Fields {
			fields.Set("policy", text)
			switch {
			case fields.Has("accessKey"):
				sum := sign.HMAC256([]byte(k), []byte(text))
				fields.Set("signature", hex.EncodeToString(sum[:]))
			case fields.Has("Signature"):
				sum := sign.HMAC1([]byte(k), []byte(text))
				fields.Set("Signature", base64.StdEncoding.EncodeToString(sum[:]))
			default:
				key := sign.DerivedKey("AWS4", k, fields.Get("x-amz-date")[:8], s.Owner.Region, "s3", "aws4_request")
				sum := sign.HMAC256(key[:], []byte(text))
				fields.Set("x-amz-signature", hex.EncodeToString(sum[:]))
			}
			return fields
		}
	}
}

func policyRanges(b *Book) {
	small, large := Refused(400, "EntityTooSmall"), Refused(400, "EntityTooLarge")
	row := func(clauses string, w Want, more ...Want) Row { return Row{Clauses: clauses, Want: w, More: more} }
	for _, n := range []struct {
		name string
		size int
		by   By
	}{
		{"below", 4, By{"oss": row("OSS-POST-43", small), "cos": row("COS-POST-11 COS-POST-13 COS-XPOST-23", small), "bos": row("BOS-POST-06", small),
			"s3": row("S3-POST-26", small, Want{}.With(formTold("ProposedSize", "4")), Want{}.With(formTold("MinSizeAllowed", "5")))}},
		{"least", 5, By{"oss": formAllowed("OSS-POST-43"), "cos": formAllowed("COS-POST-11 COS-XPOST-23"), "bos": formAllowed("BOS-POST-06"), "s3": formAllowed("S3-POST-26")}},
		{"most", 10, By{"oss": formAllowed("OSS-POST-43"), "cos": formAllowed("COS-POST-11 COS-XPOST-23"), "bos": formAllowed("BOS-POST-06"), "s3": formAllowed("S3-POST-26")}},
		{"above", 11, By{"oss": row("OSS-POST-43 OSS-POST-44", large), "cos": formTells("COS-POST-12 COS-POST-14 COS-XPOST-23", "COS-POST-12", "content-length-range", large), "bos": row("BOS-POST-06", large),
			"s3": row("S3-POST-26", large, Want{}.With(formTold("ProposedSize", "11")), Want{}.With(formTold("MaxSizeAllowed", "10")))}},
	} {
		changes := []formChange{formDemands(`["content-length-range",5,10]`), formFile(body(n.size))}
		if n.size >= 5 && n.size <= 10 {
			b.formRightAfter("range/"+n.name, "takes a file at the edge of the range", n.by, []After{reads("a", body(n.size))}, changes...)
		} else {
			b.formWrong("range/"+n.name, "refuses a file beyond the edge of the range", n.by, nil, changes...)
		}
	}
	b.formWrong("range/nothing", "refuses an empty file below the range", By{
		"oss": row("OSS-POST-43", small), "cos": row("COS-POST-13", small),
	}, nil, formDemands(`["content-length-range",1,10]`), formFile(""))
	b.formWrong("range/told", "tells of a file above the range as any refusal does", By{
		"cos": {Clauses: "COS-POST-12", Want: large.Field("Content-Type", gomega.HavePrefix("application/xml")).With(formMessage("content-length-range")), Rests: "COS-XERR-01"},
	}, nil, formDemands(`["content-length-range",1,10]`), formFile(body(11)))
}

// policyFields runs through the fields that conditions may name.
func policyFields(b *Book) {
	for _, f := range append(slices.Clip(contentHeaders), []struct{ name, value string }{
		{"success_action_redirect", "http://example.com/ok"}, {"success_action_status", "200"}, {"x-oss-meta-a", "one"},
	}...) {
		want := Accepted(2)
		if f.name == "success_action_redirect" {
			want = Accepted(3)
		}
		field := formWith(f.name, f.value)
		for _, op := range []string{"eq", "starts-with"} {
			name := "field-condition/" + lower(f.name) + "/" + op
			b.formRight(name+"/same", "holds a field to its condition", By{"oss": {Clauses: "OSS-POST-44", Want: want}}, field, formDemands(condOp(op, f.name, f.value)))
			b.formWrong(name+"/other", "refuses a field that its condition does not allow", By{"oss": formDenied("OSS-POST-44")}, nil, field, formDemands(condOp(op, f.name, "x"+f.value)))
		}
	}
	for op, end := range map[string]string{"eq": "a", "starts-with": ""} {
		by := By{"oss": formAllowed("OSS-POST-44")}
		b.formRight("field-condition/key/"+op+"/same", "holds the key to its condition", by, keyIs(func(key string) string { return condOp(op, "key", key) }, end))
		b.formWrong("field-condition/key/"+op+"/other", "refuses a key that its condition does not allow", By{"oss": formDenied("OSS-POST-44")}, nil,
			keyIs(func(key string) string { return condOp(op, "key", key) }, "b"))
	}
}

func policyBucket(b *Book) {
	b.formWrong("bucket/other", "refuses a form whose policy is for another bucket", By{
		"oss": formDenied("OSS-POST-45"), "cos": formMismatch("COS-POST-08 COS-XPOST-18"), "bos": formDenied("BOS-POST-05"),
	}, nil, func(s *Scene, u *formUpload) { u.more = []string{condEqual("bucket", s.Absent())} })
	b.formWrong("bucket/none", "refuses a form whose policy names no bucket", By{"s3": formDenied("S3-POST-25")}, nil,
		policyText(func(p string) string {
			return p[:strings.Index(p, `{"bucket"`)] + p[strings.Index(p, `["starts-with"`):]
		}))
}

// policyExtra tells of fields that no condition names.
func policyExtra(b *Book) {
	after := func(_ *Scene, u *formUpload) {
		u.form = func(fields wire.Fields) wire.Fields { return append(fields, Field(b.W.Meta+"a", "one")) }
	}
	b.formRightAfter("extra/metadata", "takes fields that no condition names", By{"oss": {Clauses: "OSS-POST-46", Want: Accepted(2), Rests: "OSS-HEAD-09"}}, []After{formHeaded(b.W.Meta+"a", "one")}, after)
	b.formWrong("extra/metadata", "refuses fields that no condition names", By{"s3": formDenied("S3-POST-23")}, nil, after)
	b.formRight("extra/unknown", "takes fields that it does not know", By{"cos": formAllowed("COS-POST-23")}, formWith("name", ""))
	b.formRight("extra/ignored", "needs no condition for fields that begin with x-ignore-", By{"s3": formAllowed("S3-POST-24")},
		func(_ *Scene, u *formUpload) {
			u.form = func(fields wire.Fields) wire.Fields { return append(fields, Field("x-ignore-foo", "bar")) }
		})
}

// policyVariables tells whether conditions see the key before or after the file's
// name is put into it.
func policyVariables(b *Book) {
	named := func(s *Scene, u *formUpload) { u.key, u.name = s.Key("folder")+"/${filename}", "photo.jpg" }
	photo := []After{reads("folder/photo.jpg", "content")}
	b.formRightAfter("variable/before", "holds the key to its condition before the file's name is put into it", By{"oss": formAllowed("OSS-POST-47")}, photo, named,
		func(s *Scene, u *formUpload) { u.more = []string{condOp("eq", "key", s.Key("folder")+"/${filename}")} })
	b.formRightAfter("variable/after", "holds the key to its condition after the file's name is put into it", By{"cos": formAllowed("COS-XPOST-16")}, photo, named,
		func(s *Scene, u *formUpload) {
			u.more = []string{condOp("starts-with", "key", s.Key("folder")+"/photo")}
		})
}

func policyEscapes(b *Book) {
	b.formRightAfter("escape/dollar", "reads a dollar sign behind a backslash", By{"oss": {Clauses: "OSS-POST-48", Want: Accepted(2), Rests: "OSS-PUT-36"}}, []After{reads("a$b", "content")},
		formKey("a$b"), func(s *Scene, u *formUpload) {
			u.more = []string{strings.ReplaceAll(condEqual("key", s.Key("a$b")), "$", `\$`)}
		})
	for _, e := range []struct{ name, value, written string }{
		{"slash", "a/b", `a\/b`}, {"backslash", `a\b`, `a\\b`}, {"quote", `a"b`, `a\"b`}, {"tab", "a\tb", `a\tb`},
		{"unicode", "a€b", `a\u20ACb`}, {"space", "a b", "a b"},
	} {
		b.formRight("escape/"+e.name, "reads the escapes of JSON in a policy", By{"oss": formAllowed("OSS-POST-48")},
			formWith("x-ignored", e.value), formDemands(`["eq","$x-ignored","`+e.written+`"]`))
	}
}

// policyPins tells of what COS wants a policy to pin.
func policyPins(b *Book) {
	b.formWrong("pins/other-key", "refuses a form of another key than the one that its policy names", By{"cos": formMismatch("COS-POST-15 COS-XPOST-18")}, nil,
		formDemands(condEqual("q-ak", "AKIDanotheraccesskey")))
	b.formWrong("pins/other-time", "refuses a form of another time than the one that its policy names", By{"cos": formDenied("COS-POST-15")}, nil,
		formDemands(condEqual("q-sign-time", "1567150692;1567157892")))
	for _, name := range []string{"q-sign-algorithm", "q-ak", "q-sign-time"} {
		b.formWrong("pins/no-"+name, "refuses a policy that does not pin its signer", By{"cos": formBadPolicy("COS-XPOST-12")}, nil,
			policyText(func(p string) string {
				from := strings.Index(p, `,{"`+name+`"`)
				return p[:from] + p[from+strings.Index(p[from:], "}")+1:]
			}))
	}
}
