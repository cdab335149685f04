package suites

import (
	"compress/gzip"
	"io"
	"strings"
	"time"

	"github.com/onsi/gomega"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// objectGetBooks write what the chapter object says of reading, of errors and
// of the fields that every reply carries.
var objectGetBooks = []func(*Book){objectReads, objectReadFields, objectHeads, objectPaths, objectRanges, objectRangeRefusals, objectRangesIgnored,
	objectRangeFields, objectOverrides, objectParts, objectAttributes, objectErrorBodies, objectErrorCodes, objectStatuses, objectHostile, objectReplies, objectConnections}

// ten is the object that most reads are about, and its digests.
const (
	ten    = "0123456789"
	tenMD5 = "eB5eJF1ptWaXm4bijSPyxw=="
	tenTag = `^"?(?i:781e5e245d69b566979b86e28d23f2c7)"?$`
	tenCRC = "2838902930144391966"
)

// httpDated says that a value is an HTTP date in GMT.
var httpDated = gomega.Satisfy(func(v string) bool {
	_, err := time.Parse(httpTime, v)
	return err == nil
})

// stored puts ten, with fields, at the case's key "k".
func stored(fields ...wire.Field) Given {
	return func(s *Scene) { s.Must(s.Put(s.Key("k"), ten, fields...)) }
}

func getK(fields ...wire.Field) func(*Scene) client.Call {
	return func(s *Scene) client.Call { return s.Get(s.Key("k"), fields...) }
}

func headK(fields ...wire.Field) func(*Scene) client.Call {
	return func(s *Scene) client.Call { return s.Head(s.Key("k"), fields...) }
}

// A way to ask for something, under the name that its case has.
type way struct {
	name string
	call func(*Scene) client.Call
}

// queried is a read of k with query parameters, given as name and value in
// turn.
func queried(pairs ...string) func(*Scene) client.Call {
	return func(s *Scene) client.Call {
		call := s.Get(s.Key("k"))
		for i := 0; i+1 < len(pairs); i += 2 {
			call.Query = append(call.Query, wire.Param{Name: pairs[i], Value: pairs[i+1]})
		}
		return call
	}
}

func objectReads(b *Book) {
	plain := Accepted(200).Content(ten).Field("Content-Length", "10").Field("Content-Type", "text/x-ten").
		Field("ETag", gomega.MatchRegexp(tenTag)).Field("Last-Modified", httpDated)
	b.Case("get/plain", "answers the whole object with what it knows of it", By{
		"oss": {Clauses: "OSS-XGET-01", Want: plain.Field("x-oss-object-type", "Normal"), Rests: "OSS-PUT-13"},
		"cos": {Clauses: "COS-XGET-01", Want: plain.Field("Accept-Ranges", "bytes").Field("x-cos-hash-crc64ecma", tenCRC), Rests: "COS-XPUT-06"},
		"bos": {Clauses: "BOS-GET-19", Want: plain.Field("x-bce-meta-a", "one").Field("x-bce-storage-class", "STANDARD"), Rests: "BOS-PUT-05 BOS-PUT-08"},
		"s3":  {Clauses: "S3-OBJ-18", Want: plain.Field("Accept-Ranges", "bytes").Field("x-amz-server-side-encryption", "AES256"), Rests: "S3-OBJ-15"},
	}, Case{
		Given: []Given{stored(Field("Content-Type", "text/x-ten"), Field(b.W.Meta+"a", "one"))},
		When:  getK(),
	})
	var every strings.Builder
	for c := range 256 {
		every.WriteByte(byte(c))
	}
	b.Case("get/bytes", "answers every byte as it was stored", By{
		"bos": {Clauses: "BOS-GET-01 BOS-API-96", Want: Accepted(200).Content(every.String())},
	}, Case{
		Given: []Given{put("k", every.String())},
		When:  getK(),
	})
	b.Case("get/gzip-accepted", "says of the body what it is when the client takes gzip", By{
		"oss": {Clauses: "OSS-XGET-36", Want: Shown().With(codedAsSaid)},
	}, Case{
		Given: []Given{func(s *Scene) { s.Must(s.Put(s.Key("k"), body(4096), Field("Content-Type", "text/plain"))) }},
		When:  getK(Field("Accept-Encoding", "gzip")),
	})
	b.Case("get/own-content-type", "answers the type of the object, not the one that the request names", By{
		"cos": {Clauses: "COS-XHDR-14", Want: Accepted(200).Content(ten).Field("Content-Type", "text/x-ten"), Rests: "COS-XPUT-06"},
	}, Case{
		Given: []Given{stored(Field("Content-Type", "text/x-ten"))},
		When:  getK(Field("Content-Type", "text/x-other")),
	})
	b.Case("get/x-parameter", "ignores parameters that begin with x-", By{
		"oss": {Clauses: "OSS-HDR-17", Want: Accepted(200).Content(ten).Field("ETag", kept("etag"))},
	}, Case{
		Given: []Given{stored(), func(s *Scene) { s.Keep("etag", s.Must(s.Get(s.Key("k"))).Fields.Get("ETag")) }},
		When:  queried("x-user", "admin"),
	})
}

// codedAsSaid holds a body of 4096 bytes to its Content-Encoding: as it is with
// an ETag, or gzip without.
func codedAsSaid(_ *Scene, r *client.Reply) []Flaw {
	coding, text := r.Fields.Get("Content-Encoding"), string(r.Body)
	if coding == "gzip" {
		z, err := gzip.NewReader(strings.NewReader(text))
		if err != nil {
			return []Flaw{{"a body in gzip, as Content-Encoding says", err.Error()}}
		}
		plain, err := io.ReadAll(io.LimitReader(z, 1<<16))
		if err != nil {
			return []Flaw{{"a whole body in gzip", err.Error()}}
		}
		text = string(plain)
	}
	switch {
	case text != body(4096):
		return []Flaw{{"the bytes that were stored", excerpt(text)}}
	case (coding == "gzip") == r.Fields.Has("ETag"):
		return []Flaw{{"an ETag if, and only if, the body is not compressed", "Content-Encoding " + coding + ", ETag " + r.Fields.Get("ETag")}}
	}
	return nil
}

func objectReadFields(b *Book) {
	for _, f := range []wire.Field{Field("Content-Type", "text/x-ten"), Field("Cache-Control", "no-cache"), Field("Content-Disposition", "attachment; filename=a.txt"),
		Field("Content-Encoding", "identity"), Field("Expires", "Thu, 01 Dec 2033 16:00:00 GMT")} {
		b.Case("get/stored/"+lower(f.Name), "answers a content header of the upload, also with a part of the object", By{
			"oss": {Clauses: "OSS-XGET-48", Want: Shown().Field(f.Name, f.Value), Rests: "OSS-PUT-13"},
		}, Case{
			Given: []Given{stored(f)},
			When:  getK(Field("Range", "bytes=2-5")),
			After: []After{{Text: "the whole object has it too", Call: getK(), Want: Want{}.Field(f.Name, f.Value)}},
		})
	}
	for _, w := range []way{{"get", getK()}, {"head", headK()}} {
		name, when := w.name, w.call
		b.Case(name+"/content-md5", "answers the MD5 of an object that was put", By{
			"oss": {Clauses: "OSS-XHDR-06", Want: Shown().Field("Content-MD5", tenMD5)},
			"bos": {Clauses: "BOS-HDR-06", Want: Shown().Field("Content-MD5", tenMD5)},
		}, Case{Given: []Given{stored()}, When: when})
		b.Case(name+"/type-normal", "tells that an object that was put is Normal", By{
			"oss": {Clauses: "OSS-HEAD-11 OSS-XHDR-03", Want: Shown().Field("x-oss-object-type", "Normal")},
			"bos": {Clauses: "BOS-GET-20", Want: Shown().Field("x-bce-object-type", "Normal")},
		}, Case{Given: []Given{stored()}, When: when})
		b.Case(name+"/modified-now", "tells the time of the upload, in GMT", By{
			"cos": {Clauses: "COS-XHDR-08", Want: Shown().With(func(s *Scene, r *client.Reply) []Flaw {
				return near(s, "Last-Modified", r.Fields.Get("Last-Modified"), s.Now().UTC().Format(httpTime))
			}), Rests: "COS-XGET-01"},
		}, Case{Given: []Given{stored()}, When: when})
	}
	b.Case("head/no-content-md5", "answers no MD5 of an object that grows", By{
		"oss": {Clauses: "OSS-XHDR-06", Want: Shown().Field("Content-MD5", Absent)},
	}, Case{Given: []Given{appended("k", ten)}, When: headK()})
	for _, w := range []way{{"whole", getK()}, {"range", getK(Field("Range", "bytes=0-0"))}} {
		name, when := w.name, w.call
		b.Case("get/accept-ranges/"+name, "announces that it takes ranges", By{
			"oss": {Clauses: "OSS-XHDR-07", Want: Shown().Field("Accept-Ranges", "bytes")},
		}, Case{Given: []Given{stored()}, When: when})
	}
}

// near holds an HTTP date to another: not more than two minutes lie between
// them.
func near(_ *Scene, name, got, want string) []Flaw {
	a, err1 := time.Parse(httpTime, got)
	z, err2 := time.Parse(httpTime, want)
	if err1 != nil || err2 != nil || a.Sub(z).Abs() > 2*time.Minute {
		return []Flaw{{name + " about " + want, got}}
	}
	return nil
}

func objectHeads(b *Book) {
	full := Accepted(200).Content("").Field("Content-Length", "10").Field("Content-Type", "text/x-ten").
		Field("ETag", gomega.MatchRegexp(tenTag)).Field("Last-Modified", httpDated)
	b.Case("head/plain", "answers the fields of the object and its length without a body", By{
		"oss": {Clauses: "OSS-HEAD-01", Want: full, Rests: "OSS-PUT-13"},
		"cos": {Clauses: "COS-XHEAD-01", Want: full, Rests: "COS-XGET-01 COS-XPUT-06"},
		"bos": {Clauses: "BOS-HEAD-01 BOS-API-88", Want: full, Rests: "BOS-GET-19 BOS-PUT-05"},
		"s3":  {Clauses: "S3-OBJ-20", Want: full, Rests: "S3-OBJ-18 S3-OBJ-15"},
	}, Case{
		Given: []Given{stored(Field("Content-Type", "text/x-ten"))},
		When:  headK(),
	})
	b.Case("head/metadata", "answers the user metadata", By{
		"oss": {Clauses: "OSS-HEAD-09", Want: Shown().Field("x-oss-meta-location", "hz"), Rests: "OSS-PUT-28"},
	}, Case{
		Given: []Given{stored(Field(b.W.Meta+"location", "hz"))},
		When:  headK(),
	})
	b.Case("head/etag-quotes", "writes the ETag in quotes", By{
		"bos": {Clauses: "BOS-HDR-08", Want: Shown().Field("ETag", gomega.MatchRegexp(`^"[^"]+"$`)), Rests: "BOS-HEAD-01"},
	}, Case{Given: []Given{stored()}, When: headK()})
	b.Case("head/modified-as-listed", "tells the time of last modification that a listing has", By{
		"oss": {Clauses: "OSS-HEAD-13", Want: Shown().Field("Last-Modified", httpDated).With(listedThen)},
		"s3":  {Clauses: "S3-OBJ-19", Want: Shown().Field("Last-Modified", httpDated).With(listedThen)},
	}, Case{Given: []Given{stored()}, When: headK()})
	b.Case("appended-etag", "gives an object that grows an ETag that is the same wherever it is told", By{
		"oss": {Clauses: "OSS-HDR-19", Want: Shown().Field("ETag", Present).With(sameETag), Rests: "OSS-APPEND-01"},
	}, Case{When: func(s *Scene) client.Call { return s.appendAt("a", true, 0, ten) }})
}

// listedThen holds Last-Modified to the listing of the object.
func listedThen(s *Scene, r *client.Reply) []Flaw {
	list := s.Do(client.Call{Method: "GET", Bucket: s.Bucket, Query: []wire.Param{{Name: "prefix", Value: s.Key("k")}}})
	t, err := time.Parse(httpTime, r.Fields.Get("Last-Modified"))
	if err != nil {
		return nil // the field's own want tells
	}
	_, text, _ := strings.Cut(string(list.Body), "<LastModified>")
	text, _, _ = strings.Cut(text, "<")
	if listed, err := time.Parse(time.RFC3339Nano, text); err != nil || !listed.Truncate(time.Second).Equal(t) {
		return []Flaw{{"a listing with LastModified " + t.Format(time.RFC3339), excerpt(text)}}
	}
	return nil
}

func objectPaths(b *Book) {
	for _, p := range [][2]string{{"slashes", "/////"}, {"dots", "../"}} {
		name, key := p[0], p[1]
		b.Case("path/"+name, "takes slashes and dots for a key, never for the bucket", By{
			"cos": {Clauses: "COS-XADDR-09", Want: Want{Status: 404}, Rests: "COS-XERR-14"},
		}, Case{When: func(s *Scene) client.Call { return s.Get(key) }})
	}
}
