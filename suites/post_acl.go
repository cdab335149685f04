package suites

import (
	"strings"
	"time"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// postACLBooks write the forms that access control lists have a say in.
var postACLBooks = []func(*Book){postOpen, postOwnACL, postDocumentedS3}

// postOpen tells of forms without a signature to buckets that take them.
func postOpen(b *Book) {
	to := func(s *Scene, changes ...formChange) client.Call {
		call := s.Post(changes...)
		call.Bucket = s.Own("b")
		s.In(call.Bucket, s.Key("a"))
		return call
	}
	there := After{Text: "there is an object", Call: func(s *Scene) client.Call { return client.Call{Method: "GET", Bucket: s.Own("b"), Key: s.Key("a")} },
		Want: Want{Check: func(_ *Scene, r *client.Reply) []Flaw { // whose it is, and who may read it, is the business of other clauses
			if r.Status == 404 {
				return []Flaw{{"an object", describe(r)}}
			}
			return nil
		}}}
	b.Case("unsigned/public-read-write", "takes a form without a signature where everybody may write", By{
		"oss": {Clauses: "OSS-POST-25 OSS-POST-49", Want: Accepted(204), Rests: "OSS-POST-01 OSS-ACL-11"},
		"s3":  {Clauses: "S3-POST-16", Want: Accepted(204), Rests: "S3-POST-01 S3-ACL-17"},
	}, Case{
		Given: []Given{aclOwn("b", "public-read-write")},
		When:  func(s *Scene) client.Call { return to(s, formUnsigned) },
		After: []After{there},
	})
	b.Case("unsigned/public-read", "refuses a form without a signature where everybody may only read", By{
		"oss": {Clauses: "OSS-POST-26", Want: Refused(403, "AccessDenied")},
	}, Case{
		Given: []Given{aclOwn("b", "public-read")},
		When:  func(s *Scene) client.Call { return to(s, formUnsigned) },
	})
	b.Case("missing/public-read-write", "refuses a form that has only some of the fields of a signature, where everybody may write, too", By{
		"oss": {Clauses: "OSS-POST-27", Want: Refused(400, "InvalidArgument")},
	}, Case{
		Given: []Given{aclOwn("b", "public-read-write")},
		When:  func(s *Scene) client.Call { return to(s, byV1, formWithout("Signature")) },
	})
}

// postOwnACL tells of the ACL that a form gives its object.
func postOwnACL(b *Book) {
	b.Case("acl", "gives the object the ACL of the form", By{
		"oss": {Clauses: "OSS-POST-23", Want: Accepted(2), Rests: "OSS-ACL-15"},
		"cos": {Clauses: "COS-XPOST-08", Want: Accepted(2), Rests: "COS-ACL-28"},
	}, Case{
		Given: []Given{formTaken("control")},
		When:  func(s *Scene) client.Call { return s.Post(formWith(formWordsOf[s.Case.Dialect].acl, "public-read")) },
		After: []After{{Text: "everybody can read it", As: Nobody, Call: func(s *Scene) client.Call { return s.Get(s.Key("a")) }, Want: Accepted(200).Content("content")}},
	})
}

// postDocumentedS3 is the published example of 2015-12-29. Its lines end in CR LF.
func postDocumentedS3(b *Book) {
	policy := strings.ReplaceAll(`{ "expiration": "2015-12-30T12:00:00.000Z",
  "conditions": [
    {"bucket": "sigv4examplebucket"},
    ["starts-with", "$key", "user/user1/"],
    {"acl": "public-read"},
    {"success_action_redirect": "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html"},
    ["starts-with", "$Content-Type", "image/"],
    {"x-amz-meta-uuid": "14365123651274"},
    {"x-amz-server-side-encryption": "AES256"},
    ["starts-with", "$x-amz-meta-tag", ""],

    {"x-amz-credential": "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"},
    {"x-amz-algorithm": "AWS4-HMAC-SHA256"},
    {"x-amz-date": "20151229T000000Z" }
  ]
}`, "\n", "\r\n")
	const bucket = "sigv4examplebucket"
	keys := client.Keys{AccessKey: "AKIAIOSFODNN7EXAMPLE", SecretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}
	b.Case("documented", "takes the signature that the document prints", By{
		"s3": {Clauses: "S3-POST-37", Want: Want{Status: 3}, Rests: "S3-POST-22 S3-POST-07 S3-BKT-01 S3-ACL-33"},
	}, Case{
		Needs: NeedsPrivate,
		Given: []Given{func(s *Scene) {
			s.NewPrivate(Setup{Time: time.Date(2015, 12, 29, 1, 0, 0, 0, time.UTC), Keys: []client.Keys{keys}})
			s.enableACL(bucket)
		}},
		When: func(s *Scene) client.Call {
			call := s.Post(func(_ *Scene, u *formUpload) {
				u.key, u.unsigned = "user/user1/${filename}", true
				u.fields = wire.Fields{{Name: "acl", Value: "public-read"}, {Name: "Content-Type", Value: "image/jpeg"},
					{Name: "success_action_redirect", Value: "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html"},
					{Name: "x-amz-meta-uuid", Value: "14365123651274"}, {Name: "x-amz-server-side-encryption", Value: "AES256"},
					{Name: "x-amz-credential", Value: "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"},
					{Name: "x-amz-algorithm", Value: "AWS4-HMAC-SHA256"}, {Name: "x-amz-date", Value: "20151229T000000Z"},
					{Name: "x-amz-meta-tag", Value: ""}, {Name: "policy", Value: policy64(policy)},
					{Name: "x-amz-signature", Value: "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e"}}
			})
			call.Bucket = bucket
			return call
		},
		After: []After{formThere(bucket, "user/user1/file.txt")},
	})
}
