package suites

import (
	"strings"

	"github.com/onsi/gomega"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// presignParts write the uploads in parts, and the later appends, that are asked
// for by URL.
var presignParts = []func(*Book){presignUploads, presignUploadsChanged, presignUploadsMisused, presignUploadWindows}

// Requests of an upload. Each key has two open uploads, so that a URL can be
// turned to another one that is there.
var (
	urlTwice = func(key string) Given {
		return func(s *Scene) {
			mpBegun(key)(s)
			mpBegun(key + "#2")(s)
		}
	}
	urlFilled = func(key string) Given {
		return func(s *Scene) {
			urlTwice(key)(s)
			mpSent(key, 1, "0123456789")(s)
			mpSent(key+"#2", 1, "0123456789")(s)
		}
	}
	urlInitiate = ask{name: "initiate", text: "an initiation",
		call:  func(s *Scene, key string) client.Call { return s.mpBegin(key) },
		right: Accepted(200).Content(gomega.ContainSubstring("pload")),
		none: []After{urlNone("no upload of the key is open", func(s *Scene) client.Call {
			call := mpLists("")(s)
			call.Query[len(call.Query)-1].Value = s.Key("a")
			return call
		}, "<UploadId>", `"uploadId"`)}}
	urlPart = ask{name: "part", text: "a part", given: urlTwice,
		call:  func(s *Scene, key string) client.Call { return s.mpPart(key, "7", "0123456789") },
		right: Accepted(200),
		done:  []After{urlShows("the upload has the part", listsParts("a"))},
		none:  []After{urlNone("the upload has no part", listsParts("a"), "ETag", "eTag"), urlNone("nor has the other", listsParts("a#2"), "ETag", "eTag")}}
	urlParts = ask{name: "list-parts", text: "a list of parts", given: urlFilled,
		call:  func(s *Scene, key string) client.Call { return s.mpListParts(key) },
		right: Accepted(200).Content(gomega.ContainSubstring("artNumber"))}
	urlUploads = ask{name: "list-uploads", text: "a list of uploads", given: urlTwice,
		call:  func(s *Scene, _ string) client.Call { return mpLists("")(s) },
		right: Accepted(200).Content(func(s *Scene) any { return gomega.ContainSubstring(s.Key("")) })}
	urlComplete = ask{name: "complete", text: "a completion", given: urlFilled,
		call:  func(s *Scene, key string) client.Call { return mpCompleting(key, 1)(s) },
		right: Accepted(200),
		done:  []After{reads("a", "0123456789")},
		none:  []After{missing("a")}}
	urlAbort = ask{name: "abort", text: "an abortion", given: urlFilled,
		call:  func(s *Scene, key string) client.Call { return s.mpAbort(key) },
		right: Want{Status: 2},
		done:  []After{{Text: "the upload is gone", Call: listsParts("a"), Want: Refused(4, "")}},
		none:  []After{urlShows("the upload is open", listsParts("a")), urlShows("and so is the other", listsParts("a#2"))}}
	urlAppend = ask{name: "append-next", text: "a second append", given: func(key string) Given { return appended(key, "12345") },
		call:  func(s *Scene, key string) client.Call { return s.appendAt(key, false, 5, "6789") },
		right: Accepted(200),
		done:  []After{reads("a", "123456789")},
		none:  []After{reads("a", "12345")}}
)

func listsParts(name string) func(*Scene) client.Call {
	return func(s *Scene) client.Call { return s.mpListParts(name) }
}

// urlShows is the later look that a list of parts has one.
func urlShows(text string, call func(*Scene) client.Call) After {
	return After{Text: text, Call: call, Want: Accepted(200).Content(gomega.ContainSubstring("artNumber"))}
}

// urlNone is the later look that a list holds none of some members.
func urlNone(text string, call func(*Scene) client.Call, members ...string) After {
	return After{Text: text, Call: call, Want: Want{Check: func(_ *Scene, r *client.Reply) (flaws []Flaw) {
		for _, m := range members {
			if strings.Contains(string(r.Body), m) {
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

// urlRests are the clauses that the requests rest on, by dialect and ask.
var urlRests = map[string]string{}

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
			list := []wrong{{oneByte(urlMarks[u.scheme]), u.tampered}}
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
		}{{urlPart, "GET"}, {urlPart, "DELETE"}, {urlParts, "PUT"}, {urlParts, "DELETE"}} {
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
