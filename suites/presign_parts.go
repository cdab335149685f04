package suites

import (
	"strings"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// presignParts write the uploads in parts, and the later appends, that are asked
// for by URL.
var presignParts = []func(*Book){presignUploads, presignUploadsChanged, presignUploadsMisused, presignUploadWindows}

// Requests of an upload. Each key has two open uploads, so that a URL can be
// turned to another one that is there.
var (
	urlTwice  = func(key string) Given { return mpUp(key, key+"#2") }
	urlFilled = func(key string) Given {
		return func(s *Scene) {
			urlTwice(key)(s)
			mpSent(key, 1, "0123456789")(s)
			mpSent(key+"#2", 1, "0123456789")(s)
		}
	}
	urlInitiate = ask{name: "initiate", text: "an initiation", right: Want{Status: 2},
		call: func(s *Scene, key string) client.Call { return s.mpBegin(key) },
		none: []After{urlNone("no upload of the key is open", mpLists(""), "<Key>@</Key>", `"key":"@"`)}}
	urlPart = ask{name: "part", text: "a part", given: urlTwice, right: Want{Status: 2},
		call: func(s *Scene, key string) client.Call { return s.mpPart(key, "7", "0123456789") },
		none: []After{urlNone("the upload has no part", listsParts("a"), "ETag", "eTag"), urlNone("nor has the other", listsParts("a#2"), "ETag", "eTag")}}
	urlParts = ask{name: "list-parts", text: "a list of parts", given: urlFilled, right: Want{Status: 2},
		call: func(s *Scene, key string) client.Call { return s.mpListParts(key) }}
	urlUploads = ask{name: "list-uploads", text: "a list of uploads", given: urlTwice, right: Want{Status: 2},
		call: func(s *Scene, _ string) client.Call { return mpLists("")(s) }}
	urlComplete = ask{name: "complete", text: "a completion", given: urlFilled, right: Want{Status: 2},
		call: func(s *Scene, key string) client.Call { return mpCompleting(key, 1)(s) },
		done: []After{reads("a", "0123456789")},
		none: []After{missing("a")}}
	urlAbort = ask{name: "abort", text: "an abortion", given: urlFilled, right: Want{Status: 2},
		call: func(s *Scene, key string) client.Call { return s.mpAbort(key) },
		done: []After{{Text: "the upload is gone", Call: listsParts("a"), Want: Refused(4, "")}},
		none: []After{{Text: "the upload is open", Call: listsParts("a"), Want: Want{Status: 2}}, {Text: "and so is the other", Call: listsParts("a#2"), Want: Want{Status: 2}}}}
	urlAppend = ask{name: "append-next", text: "a second append", given: func(key string) Given { return appended(key, "12345") }, right: Want{Status: 2},
		call: func(s *Scene, key string) client.Call { return s.appendAt(key, false, 5, "6789") },
		done: []After{reads("a", "123456789")},
		none: []After{reads("a", "12345")}}
)

func listsParts(name string) func(*Scene) client.Call {
	return func(s *Scene) client.Call { return s.mpListParts(name) }
}

// urlNone is the later look that a list holds none of some texts; @ is the key a
// of the case.
func urlNone(text string, call func(*Scene) client.Call, members ...string) After {
	return After{Text: text, Call: call, Want: Want{Check: func(s *Scene, r *client.Reply) (flaws []Flaw) {
		for _, m := range members {
			if m = strings.Replace(m, "@", s.Key("a"), 1); strings.Contains(string(r.Body), m) {
				flaws = append(flaws, Flaw{"a list without " + m, excerpt(string(r.Body))})
			}
		}
		return flaws
	}}}
}

// asksOfUploads are what URLs of the form may ask for: those of V1 are promised
// for GET and PUT alone, and S3 has no append.
func (u signedURL) asksOfUploads() []ask {
	switch u.scheme {
	case "oss-v1":
		return []ask{urlPart, urlParts, urlUploads}
	case "aws-sigv4":
		return []ask{urlInitiate, urlPart, urlParts, urlUploads, urlComplete, urlAbort}
	}
	return []ask{urlInitiate, urlPart, urlParts, urlUploads, urlComplete, urlAbort, urlAppend}
}

// urlRests are the clauses that the requests rest on, by dialect and ask: which
// parts may be small, which ETag a completion has to repeat, what ends an upload.
var urlRests = map[string]string{
	"oss part": "OSS-MPU-PART-09", "oss complete": "OSS-MPU-PART-02 OSS-MPU-PART-11 OSS-MPU-PART-20", "oss abort": "OSS-XABORT-01", "oss append-next": "OSS-APPEND-04",
	"cos part": "COS-XMPU-05", "cos complete": "COS-MPU-04 COS-MPU-02 COS-MPU-09", "cos abort": "COS-XMPU-22", "cos append-next": "COS-XAPP-02",
	"bos part": "BOS-MPU-11", "bos complete": "BOS-MPU-06 BOS-MPU-12 BOS-MPU-38", "bos abort": "BOS-MPU-21 BOS-ERR-46", "bos append-next": "BOS-APPEND-03",
	"s3 complete": "S3-MPU-07 S3-MPU-02 S3-MPU-15", "s3 abort": "S3-MPU-35",
}

func (b *Book) urlRests(a ask) string { return urlRests[b.Dialect+" "+a.name] }

// presignUploads asks for every request of an upload by URL.
func presignUploads(b *Book) {
	for _, u := range signedURLs {
		for _, a := range u.asksOfUploads() {
			clauses := u.accepts[""]
			if a.name == "part" && u.accepts["put"] != "" {
				clauses = u.accepts["put"]
			}
			b.acceptance(u.form, a, wrong{mutation{name: "used", text: "for five minutes"}, Row{Clauses: clauses, Rests: b.urlRests(a)}})
		}
	}
}

// urlChanged are the answers to a URL with a signed parameter changed, by scheme.
var urlChanged = map[string]Row{
	"oss-v1":      ossMismatch("OSS-SIGN-HDR-01"),
	"oss-v4":      ossMismatch("OSS-SIGN-HDR-01"),
	"cos-sha1":    {Clauses: "COS-PRESIGN-09", Want: cosMismatch},
	"bce-auth-v1": {Clauses: "BOS-SIGN-38", Want: bosMismatch},
	"aws-sigv4":   answered("S3-PRE-12", 403, "SignatureDoesNotMatch"),
}

// otherUpload is sent for the other upload of the key.
var otherUpload = ofScene("param.uploadid", "and sent with the ID of another upload", func(s *Scene) mutation {
	return sentParam("uploadId", s.Kept("upload a#2"))
})

// presignUploadsChanged changes a byte of the signature, and each parameter that
// says which upload, part or position is meant.
func presignUploadsChanged(b *Book) {
	for _, u := range signedURLs {
		row := urlChanged[u.scheme]
		for _, a := range u.asksOfUploads() {
			row.Rests = b.urlRests(a)
			list := []wrong{{oneByte(urlMarks[u.scheme]), u.tampered.on(b.urlRests(a))}}
			switch a.name {
			case "part":
				list = append(list, wrong{otherUpload, row}, wrong{sentParam("partNumber", "8"), row})
			case "list-parts", "complete", "abort":
				list = append(list, wrong{otherUpload, row})
			case "append-next":
				list = append(list, wrong{sentParam(b.W.Position, "4"), row})
			}
			b.refusals(u.form, []ask{a}, list...)
		}
	}
}

// presignUploadsMisused uses the URL of a part, and of a list of parts, for what
// the same path and query mean with another method.
func presignUploadsMisused(b *Book) {
	for _, u := range signedURLs {
		for _, p := range []struct {
			ask
			sent string
		}{{urlPart, "GET"}, {urlPart, "DELETE"}, {urlParts, "DELETE"}} {
			a, sent := p.ask, p.sent
			as := mutation{name: "as-" + lower(sent), text: "as " + sent, tamper: func(r *wire.Request) { r.Method = sent }}
			if a.name == "list-parts" {
				a.none = urlAbort.none
			}
			b.refusal(u.form, a, wrong{as, u.misused})
		}
	}
}

// presignUploadWindows uses such URLs in their last second and in the one after.
func presignUploadWindows(b *Book) {
	for _, u := range signedURLs {
		for _, a := range u.asksOfUploads() {
			b.urlWindow(u, a, b.urlRests(a))
		}
	}
}
