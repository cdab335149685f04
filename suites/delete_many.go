package suites

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// deleteManyBooks write the chapter delete-many: one request that removes
// several objects.
var deleteManyBooks = []func(*Book){manyRemoved, manyTold, manyKeys, manyBounds, manyDigests, manyMalformed, manyVersions}

// A doomList is the body of a request that removes several objects.
type doomList struct {
	quiet   string // element Quiet; "" leaves it out
	entries []string
}

// doomXML writes a list as OSS, COS and S3 read it.
func doomXML(l doomList) string {
	var b strings.Builder
	b.WriteString("<Delete>")
	if l.quiet != "" {
		b.WriteString("<Quiet>" + l.quiet + "</Quiet>")
	}
	for _, e := range l.entries {
		b.WriteString("<Object>" + e + "</Object>")
	}
	b.WriteString("</Delete>")
	return b.String()
}

// doomJSON writes a list as BOS reads it.
func doomJSON(l doomList) string {
	return `{"objects":[` + strings.Join(l.entries, ",") + "]}"
}

// doomKeyXML and doomKeyJSON write the entry of a key.
func doomKeyXML(key string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(key)); err != nil {
		panic(err) // a strings.Builder takes all
	}
	return "<Key>" + b.String() + "</Key>"
}

func doomKeyJSON(key string) string {
	text, err := json.Marshal(key)
	if err != nil {
		panic(err) // a string has a JSON form
	}
	return `{"key":` + string(text) + "}"
}

// doom asks for the removal of keys of the case.
func doom(quiet string, names ...string) func(*Scene) client.Call {
	return func(s *Scene) client.Call {
		var entries []string
		for _, name := range names {
			entries = append(entries, s.W.DoomKey(s.Key(name)))
		}
		return s.doomText(s.W.Doom(doomList{quiet, entries}))
	}
}

// doomText sends a list as it stands, with its MD5.
func (s *Scene) doomText(text string, params ...wire.Param) client.Call {
	sum := md5.Sum([]byte(text))
	return client.Call{Method: "POST", Bucket: s.Bucket, Query: append([]wire.Param{{Name: "delete", Bare: true}}, params...),
		Fields: wire.Fields{{Name: "Content-MD5", Value: base64.StdEncoding.EncodeToString(sum[:])}}, Body: []byte(text)}
}

// doomWith is doom of the key k with the request changed.
func doomWith(change func(*client.Call)) func(*Scene) client.Call {
	return func(s *Scene) client.Call {
		call := doom("", "k")(s)
		change(&call)
		return call
	}
}

// A doomReply is what a reply tells.
type doomReply struct {
	EncodingType string
	Deleted      []struct{ Key string }
	Error        []struct{ Key, Code, VersionId string } `json:"errors"`
}

func readDoomReply(r *client.Reply) (reply doomReply, err error) {
	if len(r.Body) == 0 {
		return reply, nil
	}
	if r.Body[0] == '{' {
		return reply, json.Unmarshal(r.Body, &reply)
	}
	return reply, xml.Unmarshal(r.Body, &reply)
}

// doomed wants of a reply that it tells these keys as removed and those as kept,
// each with its code ("name=Code"); names are those of the case's keys.
func doomed(removed, kept string) func(*Scene, *client.Reply) []Flaw {
	return func(s *Scene, r *client.Reply) []Flaw {
		reply, err := readDoomReply(r)
		if err != nil {
			return []Flaw{{"a result of the removal", err.Error()}}
		}
		var gone, stays []string
		for _, d := range reply.Deleted {
			gone = append(gone, d.Key)
		}
		for _, e := range reply.Error {
			stays = append(stays, e.Key+"="+e.Code)
		}
		flaws := differentSets("removed", s.keysOf(removed), gone)
		return append(flaws, differentSets("kept", s.keysOf(kept), stays)...)
	}
}

// keysOf are the case's keys of names that blanks separate.
func (s *Scene) keysOf(names string) (keys []string) {
	for _, name := range strings.Fields(names) {
		keys = append(keys, s.Key(name))
	}
	return keys
}

// differentSets tells where two lists differ that have no order.
func differentSets(what string, want, got []string) []Flaw {
	slices.Sort(want)
	slices.Sort(got)
	if slices.Equal(want, got) {
		return nil
	}
	return []Flaw{{fmt.Sprintf("told as %s: %q", what, want), fmt.Sprintf("told as %s: %q", what, got)}}
}

func manyRemoved(b *Book) {
	two := []Given{put("a", "1"), put("b", "2")}
	b.Case("removes", "removes every object that it names", By{
		"oss": {Clauses: "OSS-XMDEL-01", Want: Accepted(200).With(doomed("a b", ""))},
		"bos": {Clauses: "BOS-MDEL-01", Want: Accepted(200)},
		"s3":  {Clauses: "S3-DEL-01", Want: Accepted(200).With(doomed("a b", ""))},
	}, Case{Given: two, When: doom("", "a", "b"), After: []After{missing("a"), missing("b")}})
	b.Case("operation", "offers DeleteMultipleObjects", By{
		"bos": {Clauses: "BOS-API-94", Want: Accepted(2)},
	}, Case{Given: two, When: doom("", "a", "b"), After: []After{missing("a")}})
	b.Case("spares", "removes nothing that it does not name", By{
		"oss": {Clauses: "OSS-XMDEL-01", Want: Accepted(200).With(doomed("a", ""))},
		"bos": {Clauses: "BOS-MDEL-01", Want: Accepted(200)},
		"s3":  {Clauses: "S3-DEL-01", Want: Accepted(200).With(doomed("a", ""))},
	}, Case{Given: two, When: doom("", "a"), After: []After{missing("a"), reads("b", "2")}})
	b.Case("missing", "answers an object that is not there", By{
		"oss": {Clauses: "OSS-XMDEL-04", Want: Accepted(200).With(doomed("k", ""))},
		"cos": {Clauses: "COS-XDEL-12", Want: Accepted(200).With(doomed("k", ""))},
		"bos": {Clauses: "BOS-MDEL-05", Want: Accepted(200).With(doomed("", "k=NoSuchKey"))},
		"s3":  {Clauses: "S3-DEL-02", Want: Accepted(200).With(doomed("k", ""))},
	}, Case{When: doom("", "k")})
	b.Case("missing-and-there", "tells of the object that is not there and removes the other", By{
		"bos": {Clauses: "BOS-MDEL-04", Want: Accepted(200).With(doomed("", "b=NoSuchKey")), Rests: "BOS-MDEL-05 BOS-MDEL-01"},
	}, Case{Given: []Given{put("a", "1")}, When: doom("", "a", "b"), After: []After{missing("a")}})
	b.Case("anonymous", "refuses a request that nobody signed and removes nothing", By{
		"oss": {Clauses: "OSS-XMDEL-16", Want: Refused(403, "AccessDenied")},
	}, Case{As: Nobody, Given: []Given{put("k", "content"), snapshot("k")}, When: doom("", "k"), After: []After{unchanged("k")}})
	b.Case("bucket-missing", "answers that the bucket is missing", By{
		"s3": {Clauses: "S3-DEL-06", Want: Refused(404, "NoSuchBucket")},
	}, Case{When: doomWith(func(c *client.Call) { c.Bucket += "-missing" })})
}

func manyTold(b *Book) {
	two := []Given{put("a", "1"), put("b", "2")}
	gone := []After{missing("a"), missing("b")}
	b.Case("verbose", "names every object that it removed when it is asked to", By{
		"cos": {Clauses: "COS-XDEL-09", Want: Accepted(200).With(doomed("a b", ""))},
	}, Case{Given: two, When: doom("false", "a", "b")})
	b.Case("verbose-by-default", "names every object that it removed when nobody says", By{
		"oss": {Clauses: "OSS-XMDEL-03", Want: Accepted(200).With(doomed("a", ""))},
		"cos": {Clauses: "COS-XDEL-09", Want: Accepted(200).With(doomed("a", ""))},
	}, Case{Given: two, When: doom("", "a")})
	b.Case("quiet", "names no object that it removed when it is asked to be quiet", By{
		"oss": {Clauses: "OSS-XMDEL-02", Want: Accepted(200).Content(""), Rests: "OSS-XMDEL-01"},
		"cos": {Clauses: "COS-XDEL-09", Want: Accepted(200).With(both(noEntries, aResult))},
		"s3":  {Clauses: "S3-DEL-03", Want: Accepted(200).With(both(noEntries, aResult)), Rests: "S3-DEL-01"},
	}, Case{Given: two, When: doom("true", "a", "b"), After: gone})
	b.Case("no-body", "answers without a body when all went well", By{
		"bos": {Clauses: "BOS-MDEL-06", Want: Accepted(200).Content(""), Rests: "BOS-MDEL-01"},
	}, Case{Given: two, When: doom("", "a", "b"), After: gone})
	b.Case("encoding-type", "writes the keys of the reply encoded when it is asked to, and says so", By{
		"oss": {Clauses: "OSS-XMDEL-10", Want: Accepted(200).With(doomEncoded)},
	}, Case{
		Given: []Given{put("a b/c", "1")},
		When: func(s *Scene) client.Call {
			return s.doomText(doomXML(doomList{"", []string{doomKeyXML(s.Key("a b/c"))}}), wire.Param{Name: "encoding-type", Value: "url"})
		},
	})
}

// noEntries wants that nothing is told of any object.
func noEntries(s *Scene, r *client.Reply) []Flaw { return doomed("", "")(s, r) }

// aResult wants a DeleteResult, as the only element.
func aResult(_ *Scene, r *client.Reply) []Flaw {
	var root struct{ XMLName xml.Name }
	if err := xml.Unmarshal(r.Body, &root); err != nil || root.XMLName.Local != "DeleteResult" {
		return []Flaw{{"an element DeleteResult", excerpt(string(r.Body))}}
	}
	return nil
}

// doomEncoded wants one key, with its blank as %20 or a plus sign.
func doomEncoded(s *Scene, r *client.Reply) (flaws []Flaw) {
	reply, err := readDoomReply(r)
	if err != nil || len(reply.Deleted) != 1 {
		return []Flaw{{"one object removed", excerpt(string(r.Body))}}
	}
	if reply.EncodingType != "url" {
		flaws = append(flaws, Flaw{"EncodingType url", "EncodingType " + reply.EncodingType})
	}
	got := strings.NewReplacer("%2F", "/", "+", "%20").Replace(reply.Deleted[0].Key)
	if want := strings.ReplaceAll(s.Key("a b/c"), " ", "%20"); got != want {
		flaws = append(flaws, Flaw{"Key " + want + " (a blank may be +, a slash %2F)", "Key " + reply.Deleted[0].Key})
	}
	return flaws
}

func manyKeys(b *Book) {
	b.Case("key/reference", "resolves the references of the document", By{
		"oss": {Clauses: "OSS-XMDEL-17", Want: Accepted(200)},
	}, Case{Given: []Given{put("a&b", "1")}, When: doom("", "a&b"), After: []After{missing("a&b")}})
	b.Case("key/leading-slash", "takes a slash that a key begins with for a part of it", By{
		"cos": {Clauses: "COS-XDEL-13", Want: Accepted(200)},
	}, Case{
		Given: []Given{put("a", "1"), snapshot("a")},
		When: func(s *Scene) client.Call {
			return s.doomText(doomXML(doomList{"", []string{doomKeyXML("/" + s.Key("a"))}}))
		},
		After: []After{unchanged("a")},
	})
	for _, k := range []struct{ name, key string }{{"escaped-slash", "a%2Fb"}, {"escaped-utf8", "a/%F0%9F%98%80"}} {
		b.Case("key/"+k.name, "takes percent signs of a key as they are", By{
			"s3": {Clauses: "S3-DEL-13", Want: Accepted(200)},
		}, Case{Given: []Given{put(k.key, "1")}, When: doom("", k.key), After: []After{missing(k.key)}})
	}
}

// doomMany asks for the removal of n keys, none of which is there but the last.
func doomMany(n int) func(*Scene) client.Call {
	return func(s *Scene) client.Call {
		entries := make([]string, n)
		for i := range entries {
			entries[i] = s.W.DoomKey("never-put/" + itoa(i))
		}
		entries[n-1] = s.W.DoomKey(s.Key("k"))
		return s.doomText(s.W.Doom(doomList{"true", entries}))
	}
}

// doomPadded asks for the removal of k in a body of n bytes.
func doomPadded(n int) func(*Scene) client.Call {
	return func(s *Scene) client.Call {
		text := s.W.Doom(doomList{"true", []string{s.W.DoomKey(s.Key("k"))}})
		return s.doomText(text + strings.Repeat(" ", n-len(text)))
	}
}

func manyBounds(b *Book) {
	given := []Given{put("k", "content"), snapshot("k")}
	b.Case("keys/1000", "removes 1000 objects at once", By{
		"oss": {Clauses: "OSS-XMDEL-05", Want: Accepted(200)},
		"cos": {Clauses: "COS-XDEL-06", Want: Accepted(200)},
		"bos": {Clauses: "BOS-MDEL-02", Want: Accepted(200)},
		"s3":  {Clauses: "S3-DEL-05", Want: Accepted(200)},
	}, Case{Given: given, When: doomMany(1000)})
	b.Case("keys/1001", "refuses 1001 keys and removes none", By{
		"oss": {Clauses: "OSS-XMDEL-05", Want: Refused(400, "MalformedXML")},
		"cos": {Clauses: "COS-XDEL-06", Want: Refused(400, "MalformedXML")},
		"bos": {Clauses: "BOS-MDEL-02", Want: Refused(400, "InvalidArgument")},
		"s3":  {Clauses: "S3-DEL-05", Want: Refused(400, "MalformedXML")},
	}, Case{Given: given, When: doomMany(1001), After: []After{unchanged("k")}})
	b.Case("length/2-MiB", "takes a list of 2 MiB", By{
		"oss": {Clauses: "OSS-XMDEL-06", Want: Accepted(2)},
		"bos": {Clauses: "BOS-MDEL-03", Want: Accepted(2)},
	}, Case{Given: given, When: doomPadded(2 << 20)})
	b.Case("length/2-MiB-and-1", "refuses a list of 2 MiB and a byte, and removes nothing", By{
		"oss": {Clauses: "OSS-XMDEL-06", Want: Refused(400, "MalformedXML")},
		"bos": {Clauses: "BOS-MDEL-03", Want: Refused(400, "EntityTooLarge")},
	}, Case{Given: given, When: doomPadded(2<<20 + 1), After: []After{unchanged("k")}})
	b.Case("length-missing", "refuses a list that does not tell its length and removes nothing", By{
		"oss": {Clauses: "OSS-XMDEL-09", Want: Refused(411, "MissingContentLength")},
	}, Case{
		Given: given,
		When: func(s *Scene) client.Call {
			call := s.doomText("")
			call.Before, call.Fresh = withoutLength, true
			return call
		},
		After: []After{unchanged("k")},
	})
}

func manyDigests(b *Book) {
	given := []Given{put("k", "content"), snapshot("k")}
	without := doomWith(func(c *client.Call) { c.Fields = nil })
	other := doomWith(func(c *client.Call) { c.Fields = wire.Fields{{Name: "Content-MD5", Value: "1B2M2Y8AsgTpgAmY7PhCfg=="}} })
	b.Case("digest/none", "refuses a list without a digest and removes nothing", By{
		"oss": {Clauses: "OSS-XMDEL-07", Want: Refused(400, "MissingArgument")},
		"cos": {Clauses: "COS-XDEL-07", Want: Refused(400, "InvalidRequest")},
		"s3":  {Clauses: "S3-DEL-08", Want: Refused(400, "InvalidRequest")},
	}, Case{Given: given, When: without, After: []After{unchanged("k")}})
	b.Case("digest/optional", "takes a list without a digest", By{
		"bos": {Clauses: "BOS-MDEL-07", Want: Accepted(200), Rests: "BOS-MDEL-01"},
	}, Case{Given: given, When: without, After: []After{missing("k")}})
	b.Case("digest/of-another", "refuses the digest of another list and removes nothing", By{
		"oss": {Clauses: "OSS-XMDEL-08", Want: Refused(400, "InvalidDigest")},
		"cos": {Clauses: "COS-XDEL-08", Want: Refused(400, "BadDigest")},
		"s3":  {Clauses: "S3-DEL-09", Want: Refused(400, "BadDigest")},
	}, Case{Given: given, When: other, After: []After{unchanged("k")}})
}

func manyMalformed(b *Book) {
	for _, m := range []struct{ name, xml, json string }{
		{"open", "<Delete>", "{"},
		{"empty", "<Delete></Delete>", "{}"},
		{"text", "abc", "abc"},
		{"other-root", "<Remove><Object>%s</Object></Remove>", "[%s]"},
		{"more-behind", "<Delete><Object>%s</Object></Delete><Delete/>", `{"objects":[%s]}{`},
	} {
		b.Case("malformed/"+m.name, "refuses what is no list of keys and removes nothing", By{
			"oss": {Clauses: "OSS-XMDEL-11", Want: Refused(400, "MalformedXML")},
			"cos": {Clauses: "COS-XDEL-14", Want: Refused(400, "MalformedXML")},
			"bos": {Clauses: "BOS-MDEL-08", Want: Refused(400, "MalformedJSON")},
			"s3":  {Clauses: "S3-DEL-07", Want: Refused(400, "MalformedXML")},
		}, Case{
			Given: []Given{put("k", "content"), snapshot("k")},
			When: func(s *Scene) client.Call {
				form := s.W.DoomForm(m.xml, m.json)
				return s.doomText(strings.ReplaceAll(form, "%s", s.W.DoomKey(s.Key("k"))))
			},
			After: []After{unchanged("k")},
		})
	}
	b.Case("malformed/no-key", "refuses an entry without a key", By{
		"oss": {Clauses: "OSS-XMDEL-12", Want: Refused(400, "MalformedXML")},
	}, Case{When: func(s *Scene) client.Call {
		return s.doomText(doomXML(doomList{"", []string{"<VersionId>null</VersionId>"}}))
	}})
}

// entryOf names the key k and says more of it.
func entryOf(more func(*Scene) string) func(*Scene) client.Call {
	return func(s *Scene) client.Call {
		return s.doomText(doomXML(doomList{"", []string{doomKeyXML(s.Key("k")) + more(s), doomKeyXML(s.Key("l"))}}))
	}
}

func manyVersions(b *Book) {
	both := []Given{put("k", "content"), put("l", "content"), snapshot("k")}
	b.Case("etag-of-another", "keeps the object whose ETag is another, says so, and removes the others", By{
		"s3": {Clauses: "S3-CPUT-24", Want: Accepted(200).With(doomed("l", "k=PreconditionFailed"))},
	}, Case{Given: both, When: entryOf(func(*Scene) string { return `<ETag>"d41d8cd98f00b204e9800998ecf8427e"</ETag>` }), After: []After{unchanged("k")}})
	b.Case("version-unknown", "keeps the object whose version is not there, and says so", By{
		"s3": {Clauses: "S3-DEL-12", Want: Accepted(200).With(versionUnknown), Rests: "S3-DEL-01"},
	}, Case{Given: both, When: entryOf(func(*Scene) string { return "<VersionId>" + noVersion + "</VersionId>" }), After: []After{unchanged("k")}})
}

// noVersion has the form of a version id and is none.
const noVersion = "HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD"

// versionUnknown wants the error of an unknown version to name it. What has the
// form of an id is up to the server: it may be malformed there.
func versionUnknown(s *Scene, r *client.Reply) []Flaw {
	reply, err := readDoomReply(r)
	if err != nil || len(reply.Error) != 1 {
		return []Flaw{{"one object kept", excerpt(string(r.Body))}}
	}
	e := reply.Error[0]
	if e.Key != s.Key("k") || e.VersionId != noVersion || e.Code != "NoSuchVersion" && e.Code != "InvalidArgument" {
		return []Flaw{{fmt.Sprintf("key %q, code NoSuchVersion or InvalidArgument, version %s", s.Key("k"), noVersion),
			fmt.Sprintf("key %q, code %s, version %s", e.Key, e.Code, e.VersionId)}}
	}
	return nil
}
