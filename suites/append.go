package suites

import (
	"time"

	"github.com/onsi/gomega"

	"objectharness/internal/clause"
	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// appendBooks write the chapter append: objects that grow at their end.
var appendBooks = []func(*Book){appendGrows, appendPositions, appendPositionForms, appendObjects, appendReplies, appendFields, appendLimits, appendDeclared, appendTogether}

// The CRC-64/ECMA of texts that the cases append, as decimal numbers. The last
// is the check value of the algorithm, which the OSS document prints.
const (
	crcOf12345     = "6748440630437108969"
	crcOf123456789 = "11051210869376104954"
)

// appended makes an appendable object of the case's key out of parts.
func appended(key string, parts ...string) Given {
	return func(s *Scene) {
		length := 0
		for i, p := range parts {
			s.Must(s.appendAt(key, i == 0, length, p))
			length += len(p)
		}
	}
}

// appendAt appends where a document says that an append goes: the first one of
// a dialect that begins a new object without a position names none.
func (s *Scene) appendAt(key string, first bool, position int, body string, fields ...wire.Field) client.Call {
	call := s.Append(s.Key(key), itoa(position), body, fields...)
	if first && s.W.FirstBare {
		call.Query = call.Query[:1]
	}
	return call
}

// typed is the later look that the object is appendable, in the letter case of
// the dialect.
func typed(w Words) After {
	return After{Text: "the object is appendable",
		Call: func(s *Scene) client.Call { return s.Head(s.Key("a")) },
		Want: Shown().Field(w.ObjectType, gomega.MatchRegexp("^[Aa]ppendable$"))}
}

func appendGrows(b *Book) {
	next := b.W.NextPosition
	b.Case("first", "makes an appendable object on a free key", By{
		"oss": {Clauses: "OSS-APPEND-01", Want: Accepted(200)},
		"cos": {Clauses: "COS-XAPP-01", Want: Accepted(200).Field(next, "5").With(sameETag)},
		"bos": {Clauses: "BOS-APPEND-01 BOS-API-93", Want: Accepted(200)},
	}, Case{
		When:  func(s *Scene) client.Call { return s.appendAt("a", true, 0, "12345") },
		After: []After{reads("a", "12345"), typed(b.W)},
	})
	b.Case("next", "adds to the end when the position is the length", By{
		"oss": {Clauses: "OSS-APPEND-04", Want: Accepted(200)},
		"cos": {Clauses: "COS-XAPP-02", Want: Accepted(200).Field(next, "9")},
		"bos": {Clauses: "BOS-APPEND-03", Want: Accepted(200)},
	}, Case{
		Given: []Given{appended("a", "12345")},
		When:  func(s *Scene) client.Call { return s.appendAt("a", false, 5, "6789") },
		After: []After{reads("a", "123456789")},
	})
	b.Case("content", "reads as its appends one after another", By{
		"oss": {Clauses: "OSS-APPEND-36", Want: Shown().Content("abcdefg")},
	}, Case{
		Given: []Given{appended("a", "abc", "def", "g")},
		When:  func(s *Scene) client.Call { return s.Get(s.Key("a")) },
	})
	b.Case("first-empty", "makes an empty object out of an empty body", By{
		"bos": {Clauses: "BOS-APPEND-12", Want: Shown()},
	}, Case{
		When:  func(s *Scene) client.Call { return s.appendAt("a", true, 0, "") },
		After: []After{reads("a", "")},
	})
	b.Case("on-empty", "appends at 0 to an appendable object of length 0", By{
		"oss": {Clauses: "OSS-APPEND-09", Want: Accepted(200).Field(next, "3")},
	}, Case{
		Given: []Given{appended("a", "")},
		When:  func(s *Scene) client.Call { return s.Append(s.Key("a"), "0", "abc") },
		After: []After{reads("a", "abc")},
	})
	for _, over := range []struct {
		name  string
		given Given
	}{{"normal", put("a", "old content")}, {"appendable", appended("a", "old", "content")}} {
		b.Case("without-position-over-"+over.name, "replaces what is there when no position is given", By{
			"bos": {Clauses: "BOS-APPEND-02", Want: Shown()},
		}, Case{
			Given: []Given{over.given},
			When:  func(s *Scene) client.Call { return s.appendAt("a", true, 0, "abc") },
			After: []After{reads("a", "abc")},
		})
	}
	b.Case("nothing", "changes nothing by an empty body at the right position", By{
		"oss": {Clauses: "OSS-APPEND-30", Want: Shown(), Rests: "OSS-APPEND-15 OSS-HEAD-01"},
	}, Case{
		Needs: NeedsPrivate,
		Given: []Given{standing, appended("a", "12345"), func(s *Scene) {
			r := s.Must(s.Head(s.Key("a")))
			s.Keep("etag", r.Fields.Get("ETag"))
			s.Keep("modified", r.Fields.Get("Last-Modified"))
			s.Pass(10 * time.Second)
		}},
		When: func(s *Scene) client.Call { return s.Append(s.Key("a"), "5", "") },
		After: []After{{Text: "length, ETag, CRC-64 and time are as they were",
			Call: func(s *Scene) client.Call { return s.Head(s.Key("a")) },
			Want: Accepted(200).Field("Content-Length", "5").Field("ETag", kept("etag")).
				Field("Last-Modified", kept("modified")).Field(b.W.CRC64, crcOf12345)}},
	})
}

func appendPositions(b *Book) {
	next := b.W.NextPosition
	for _, p := range []struct{ name, position string }{{"below", "4"}, {"above", "6"}, {"far", "5000000000"}} {
		b.Case("position-"+p.name, "refuses a position that is not the length and keeps the object", By{
			"oss": {Clauses: "OSS-APPEND-06", Want: Refused(409, "PositionNotEqualToLength"), Rests: "OSS-APPEND-04"},
			"cos": {Clauses: "COS-XAPP-03", Want: Refused(409, "AppendPositionErr"), Rests: "COS-XAPP-02"},
			"bos": {Clauses: "BOS-APPEND-05 BOS-ERR-49", Want: Refused(409, "OffsetIncorrect"), Rests: "BOS-APPEND-03"},
		}, Case{
			Given: []Given{appended("a", "12345"), snapshot("a")},
			When:  func(s *Scene) client.Call { return s.Append(s.Key("a"), p.position, "X") },
			After: []After{unchanged("a")},
		})
	}
	b.Case("position-0-again", "refuses to begin again at 0", By{
		"oss": {Clauses: "OSS-APPEND-08", Want: Refused(409, "PositionNotEqualToLength")},
		"cos": {Clauses: "COS-XAPP-04 COS-XAPP-03", Want: Refused(409, "AppendPositionErr")},
	}, Case{
		Given: []Given{appended("a", "12345"), snapshot("a")},
		When:  func(s *Scene) client.Call { return s.Append(s.Key("a"), "0", "X") },
		After: []After{unchanged("a")},
	})
	b.Case("next-on-refusal", "names the right position in the refusal of a wrong one", By{
		"oss": {Clauses: "OSS-APPEND-07", Want: Refused(409, "").Field(next, "5"), Rests: "OSS-APPEND-06 OSS-APPEND-04"},
	}, Case{
		Given: []Given{appended("a", "12345")},
		When:  func(s *Scene) client.Call { return s.Append(s.Key("a"), "4", "X") },
	})
	b.Case("first-not-0", "refuses a first append that does not begin at 0 and makes nothing", By{
		"oss": {Clauses: "OSS-APPEND-03", Want: Refused(409, "PositionNotEqualToLength")},
	}, Case{
		When:  func(s *Scene) client.Call { return s.Append(s.Key("a"), "5", "X") },
		After: []After{missing("a")},
	})
	b.Case("position-on-free-key", "refuses a position on a free key and makes nothing", By{
		"bos": {Clauses: "BOS-APPEND-04", Want: Refused(404, "NoSuchKey")},
	}, Case{
		When:  func(s *Scene) client.Call { return s.Append(s.Key("a"), "11", "X") },
		After: []After{missing("a")},
	})
}

func appendPositionForms(b *Book) {
	for _, p := range []struct{ name, position string }{{"negative", "-1"}, {"text", "abc"}, {"empty", ""}, {"fraction", "0.5"}, {"beyond-64-bits", "18446744073709551616"}} {
		b.Case("position-"+p.name, "refuses a position that is no number of bytes and makes nothing", By{
			"oss": {Clauses: "OSS-APPEND-35", Want: Refused(400, "InvalidArgument")},
			"cos": {Clauses: "COS-XAPP-07", Want: Refused(400, "InvalidArgument")},
		}, Case{
			When:  func(s *Scene) client.Call { return s.Append(s.Key("a"), p.position, "X") },
			After: []After{missing("a")},
		})
	}
	b.Case("position-missing", "refuses an append without a position and makes nothing", By{
		"oss": {Clauses: "OSS-APPEND-35", Want: Refused(400, "InvalidArgument")},
		"cos": {Clauses: "COS-XAPP-06", Want: Refused(400, "InvalidArgument")},
	}, Case{
		When: func(s *Scene) client.Call {
			call := s.Append(s.Key("a"), "0", "X")
			call.Query = call.Query[:1]
			return call
		},
		After: []After{missing("a")},
	})
	b.Case("length-missing", "refuses an append that does not tell its length and makes nothing", By{
		"cos": {Clauses: "COS-XAPP-08", Want: Refused(411, "MissingContentLength")},
	}, Case{
		When: func(s *Scene) client.Call {
			call := s.Append(s.Key("a"), "0", "")
			call.Before, call.Fresh = withoutLength, true
			return call
		},
		After: []After{missing("a")},
	})
}

// withoutLength takes the length out of a request before it is signed.
func withoutLength(r *wire.Request) { r.Fields.Del("Content-Length") }

func appendObjects(b *Book) {
	for _, p := range []struct{ name, position string }{{"at-its-length", "7"}, {"at-0", "0"}} {
		b.Case("to-normal-"+p.name, "refuses to append to an object that was not made by appending, and keeps it", By{
			"oss": {Clauses: "OSS-APPEND-10", Want: Refused(409, "ObjectNotAppendable")},
			"cos": {Clauses: "COS-XAPP-05", Want: Refused(409, "ObjectNotAppendable")},
			"bos": {Clauses: "BOS-APPEND-06 BOS-ERR-48", Want: Refused(403, "ObjectUnappendable")},
		}, Case{
			Given: []Given{put("a", "content"), snapshot("a")},
			When:  func(s *Scene) client.Call { return s.Append(s.Key("a"), p.position, "X") },
			After: []After{unchanged("a")},
		})
	}
	b.Case("put-over", "becomes an ordinary object when it is put over", By{
		"oss": {Clauses: "OSS-APPEND-11", Want: Shown().Field(b.W.ObjectType, "Normal"), Rests: "OSS-PUT-05"},
		"bos": {Clauses: "BOS-APPEND-17", Want: Shown().Field(b.W.ObjectType, "Normal").Field(b.W.NextPosition, Absent), Rests: "BOS-PUT-04"},
	}, Case{
		Given: []Given{appended("a", "12345"), put("a", "content")},
		When:  func(s *Scene) client.Call { return s.Head(s.Key("a")) },
	})
	b.Case("put-over-then-append", "is not appended to any more once it was put over", By{
		"oss": {Clauses: "OSS-APPEND-12", Want: Refused(409, "ObjectNotAppendable"), Rests: "OSS-PUT-05"},
		"cos": {Clauses: "COS-XAPP-10", Want: Refused(409, "ObjectNotAppendable"), Rests: "COS-PUT-04"},
	}, Case{
		Given: []Given{appended("a", "12345"), put("a", "content")},
		When:  func(s *Scene) client.Call { return s.Append(s.Key("a"), "7", "X") },
		After: []After{reads("a", "content")},
	})
	b.Case("bucket-missing", "answers that the bucket is missing", By{
		"bos": {Clauses: "BOS-APPEND-19", Want: Refused(404, "NoSuchBucket")},
	}, Case{
		When: func(s *Scene) client.Call {
			call := s.appendAt("a", true, 0, "X")
			call.Bucket = s.Absent()
			return call
		},
	})
	b.Case("touches", "advances the time of last modification", By{
		"oss": {Clauses: "OSS-APPEND-29", Want: Shown().Field("Last-Modified", "Tue, 03 Feb 2026 04:05:08 GMT"), Rests: "OSS-HEAD-01"},
	}, Case{
		Needs: NeedsPrivate,
		Given: []Given{standing, appended("a", "12345"), func(s *Scene) {
			s.Pass(2 * time.Second)
			s.Must(s.Append(s.Key("a"), "5", "6"))
			s.Pass(2 * time.Second)
		}},
		When: func(s *Scene) client.Call { return s.Head(s.Key("a")) },
	})
	b.Case("listed", "is listed with its type", By{
		"oss": {Clauses: "OSS-APPEND-16", Want: Shown().Content(gomega.ContainSubstring("<Type>Appendable</Type>")), Rests: "OSS-APPEND-01"},
	}, Case{
		Given: []Given{appended("a", "12345")},
		When: func(s *Scene) client.Call {
			return client.Call{Method: "GET", Bucket: s.Bucket, Query: []wire.Param{{Name: "prefix", Value: s.Key("a")}}}
		},
	})
}

func appendReplies(b *Book) {
	next := b.W.NextPosition
	b.Case("next-position", "names the length after the append as the next position", By{
		"oss": {Clauses: "OSS-APPEND-05", Want: Shown().Field(next, "1717")},
		"bos": {Clauses: "BOS-APPEND-08", Want: Shown().Field(next, "1717")},
	}, Case{
		When: func(s *Scene) client.Call { return s.appendAt("a", true, 0, body(1717)) },
	})
	b.Case("next-position-again", "names the new length after a second append", By{
		"oss": {Clauses: "OSS-APPEND-05", Want: Shown().Field(next, "9")},
		"bos": {Clauses: "BOS-APPEND-08", Want: Shown().Field(next, "9")},
	}, Case{
		Given: []Given{appended("a", "12345")},
		When:  func(s *Scene) client.Call { return s.Append(s.Key("a"), "5", "6789") },
	})
	b.Case("crc64-first", "answers the CRC-64 of the first piece", By{
		"oss": {Clauses: "OSS-APPEND-17", Want: Shown().Field(b.W.CRC64, crcOf12345)},
	}, Case{When: func(s *Scene) client.Call { return s.appendAt("a", true, 0, "12345") }})
	b.Case("crc64-next", "answers the CRC-64 of the whole object, not of the piece", By{
		"oss": {Clauses: "OSS-APPEND-17", Want: Shown().Field(b.W.CRC64, crcOf123456789)},
	}, Case{
		Given: []Given{appended("a", "12345")},
		When:  func(s *Scene) client.Call { return s.Append(s.Key("a"), "5", "6789") },
	})
	b.Case("etag", "answers an ETag of 32 hexadecimal digits in quotes, the one that the object has", By{
		"oss": {Clauses: "OSS-APPEND-34", Want: Shown().Field("ETag", gomega.MatchRegexp(`^"[0-9A-Fa-f]{32}"$`)).With(sameETag), Rests: "OSS-APPEND-01"},
		"cos": {Clauses: "COS-XAPP-14", Want: Shown().Field("ETag", Present).With(sameETag), Rests: "COS-XAPP-01"},
	}, Case{When: func(s *Scene) client.Call { return s.appendAt("a", true, 0, "12345") }})
	b.Case("etag-first", "answers the MD5 of the first piece as ETag", By{
		"bos": {Clauses: "BOS-APPEND-09", Want: Shown().Field("ETag", gomega.MatchRegexp(`^"?827ccb0eea8a706c4c34a16891f84e7b"?$`)), Rests: "BOS-HDR-07"},
	}, Case{When: func(s *Scene) client.Call { return s.appendAt("a", true, 0, "12345") }})
	b.Case("md5-of-whole", "answers the MD5 of the whole content after several appends", By{
		"bos": {Clauses: "BOS-APPEND-10", Want: Shown().Field("Content-MD5", "JfnnlDI7RTiF9RgfG2JNCw=="), Rests: "BOS-APPEND-03"},
	}, Case{
		Given: []Given{appended("a", "12345", "6789")},
		When:  func(s *Scene) client.Call { return s.Head(s.Key("a")) },
	})
	b.Case("piece-digest", "answers a digest of the appended piece", By{
		"cos": {Clauses: "COS-XAPP-15", Want: Shown().Field("x-cos-content-sha1", "827ccb0eea8a706c4c34a16891f84e7b")},
	}, Case{When: func(s *Scene) client.Call { return s.appendAt("a", true, 0, "12345") }})
	appendHeads(b)
}

// sameETag holds the ETag of a reply against the one that the object has.
func sameETag(s *Scene, r *client.Reply) []Flaw {
	head := s.Do(s.Head(s.Key("a")))
	if got, want := r.Fields.Get("ETag"), head.Fields.Get("ETag"); got != want {
		return []Flaw{{"ETag " + want + " as HEAD answers", got}}
	}
	return nil
}

func appendHeads(b *Book) {
	look := Case{
		Given: []Given{appended("a", "12345", "6789")},
		When:  func(s *Scene) client.Call { return s.Head(s.Key("a")) },
	}
	b.Case("head-type", "is told to be appendable by HEAD", By{
		"oss": {Clauses: "OSS-APPEND-13", Want: Shown().Field(b.W.ObjectType, "Appendable")},
		"cos": {Clauses: "COS-XHDR-11", Want: Shown().Field(b.W.ObjectType, "appendable")},
	}, look)
	b.Case("head-type-normal", "is told to be normal by HEAD when it was put", By{
		"cos": {Clauses: "COS-XHDR-11", Want: Shown().Field(b.W.ObjectType, "normal")},
	}, Case{Given: []Given{put("a", "content")}, When: look.When})
	b.Case("head-next-position", "is told by HEAD where the next append starts", By{
		"oss": {Clauses: "OSS-APPEND-14", Want: Shown().Field(b.W.NextPosition, "9")},
		"bos": {Clauses: "BOS-HEAD-08", Want: Shown().Field(b.W.NextPosition, "9")},
	}, look)
	b.Case("head-crc64", "has the CRC-64 of all its pieces in HEAD", By{
		"oss": {Clauses: "OSS-APPEND-15", Want: Shown().Field(b.W.CRC64, crcOf123456789)},
	}, look)
}

func appendFields(b *Book) {
	first := []wire.Field{Field("Cache-Control", "no-cache"), Field("Content-Disposition", "attachment; filename=a.txt"),
		Field("Content-Encoding", "identity"), Field("Expires", "Thu, 01 Dec 2033 16:00:00 GMT")}
	for _, f := range first {
		b.Case("first-fields/"+lower(f.Name), "answers a content header of the first append on download", By{
			"oss": {Clauses: "OSS-APPEND-32", Want: Shown().Field(f.Name, f.Value)},
		}, Case{
			Given: []Given{func(s *Scene) { s.Must(s.appendAt("a", true, 0, "12345", f)) }},
			When:  func(s *Scene) client.Call { return s.Get(s.Key("a")) },
		})
	}
	b.Case("first-metadata", "keeps the metadata of the first append", By{
		"cos": {Clauses: "COS-XAPP-13", Want: Shown().Field(b.W.Meta+"a", "one")},
	}, Case{
		Given: []Given{func(s *Scene) { s.Must(s.appendAt("a", true, 0, "12345", Field(s.W.Meta+"a", "one"))) }},
		When:  func(s *Scene) client.Call { return s.Head(s.Key("a")) },
	})
	b.Case("later-metadata", "ignores the metadata of later appends", By{
		"bos": {Clauses: "BOS-APPEND-16", Want: Shown().Field(b.W.Meta+"a", "one")},
	}, Case{
		Given: []Given{
			func(s *Scene) { s.Must(s.appendAt("a", true, 0, "12345", Field(s.W.Meta+"a", "one"))) },
			func(s *Scene) { s.Must(s.appendAt("a", false, 5, "6", Field(s.W.Meta+"a", "two"))) },
		},
		When: func(s *Scene) client.Call { return s.Head(s.Key("a")) },
	})
	appendDigests(b)
}

func appendDigests(b *Book) {
	b.Case("content-md5", "takes Content-MD5 for the digest of the appended piece", By{
		"oss": {Clauses: "OSS-APPEND-31", Want: Accepted(200), Rests: "OSS-APPEND-04"},
		"bos": {Clauses: "BOS-APPEND-18", Want: Accepted(200), Rests: "BOS-APPEND-03"},
	}, Case{
		Given: []Given{appended("a", "12345")},
		When: func(s *Scene) client.Call {
			return s.Append(s.Key("a"), "5", "6789", Field("Content-MD5", "RtBF/1GQ9uqTc52mwKoZvA=="))
		},
		After: []After{reads("a", "123456789")},
	})
	b.Case("content-md5-wrong", "refuses a piece that is not the one of Content-MD5 and keeps the object", By{
		"oss": {Clauses: "OSS-APPEND-31", Want: Refused(400, "InvalidDigest")},
	}, Case{
		Given: []Given{appended("a", "12345"), snapshot("a")},
		When: func(s *Scene) client.Call {
			return s.Append(s.Key("a"), "5", "6789", Field("Content-MD5", "JfnnlDI7RTiF9RgfG2JNCw=="))
		},
		After: []After{unchanged("a")},
	})
}

func appendLimits(b *Book) {
	small := func(s *Scene) { s.NewPrivate(Setup{Limits: map[string]int64{"AppendSize": 9}}) }
	b.Case("to-the-limit", "lets an object grow to its limit", By{
		"oss": {Clauses: "OSS-APPEND-28", Want: Accepted(200), Rests: "OSS-APPEND-04"},
		"cos": {Clauses: "COS-XAPP-09", Want: Accepted(200), Rests: "COS-XAPP-02"},
		"bos": {Clauses: "BOS-APPEND-11", Want: Accepted(200), Rests: "BOS-APPEND-03"},
	}, Case{
		Needs: NeedsPrivate,
		Given: []Given{small, appended("a", "12345")},
		When:  func(s *Scene) client.Call { return s.Append(s.Key("a"), "5", "6789") },
		After: []After{reads("a", "123456789")},
	})
	b.Case("over-the-limit", "refuses an append by which the object would outgrow its limit, and keeps it", By{
		"oss": {Clauses: "OSS-APPEND-28", Want: Refused(400, "InvalidArgument")},
		"cos": {Clauses: "COS-XAPP-09", Want: Refused(400, "EntityTooLarge")},
		"bos": {Clauses: "BOS-APPEND-11", Want: Refused(400, "EntityTooLarge")},
	}, Case{
		Needs: NeedsPrivate,
		Given: []Given{small, appended("a", "12345", "6789"), snapshot("a")},
		When:  func(s *Scene) client.Call { return s.Append(s.Key("a"), "9", "X") },
		After: []After{unchanged("a")},
	})
}

// appendDeclared tells of appends that say that they are longer than an object
// may grow, by one byte: they are refused before a byte of the body is sent.
func appendDeclared(b *Book) {
	for dialect, row := range map[string]struct {
		length int64
		Row
	}{
		"oss": {5<<30 + 1, Row{Clauses: "OSS-APPEND-28", Want: Refused(400, "InvalidArgument")}},
		"cos": {5<<30 + 1, Row{Clauses: "COS-XAPP-09", Want: Refused(400, "EntityTooLarge")}},
		"bos": {53656167435469, Row{Clauses: "BOS-APPEND-11", Want: Refused(400, "EntityTooLarge")}}, // 48.8 TB in binary units, and one
	} {
		b.Case("over-the-limit-declared", "refuses an append that declares more than an object may hold, before the body", By{dialect: row.Row}, Case{
			When: func(s *Scene) client.Call {
				call := s.appendAt("a", true, 0, "")
				call.Body, call.Length, call.Framing, call.Fresh = nil, row.length, wire.HeadOnly, true
				return call
			},
			After: []After{missing("a")},
		})
	}
}

// rivals is how many appends start at once.
const rivals = 8

func appendTogether(b *Book) {
	b.Case("together", "lets exactly one of several appends at the same position win, and loses nothing", By{
		"oss": {Clauses: "OSS-APPEND-33", Want: Refused(409, "PositionNotEqualToLength"), Rests: "OSS-APPEND-04"},
		"cos": {Clauses: "COS-XAPP-03", Want: Refused(409, "AppendPositionErr"), Rests: "COS-XAPP-02"},
		"bos": {Clauses: "BOS-APPEND-05", Want: Refused(409, "OffsetIncorrect"), Rests: "BOS-APPEND-03"},
	}, Case{
		Given: []Given{appended("a", "12345")},
		Run:   race,
	})
}

// race sends the appends and judges: one success, the others refused as the
// case wants, and a content that is the winner's.
func race(s *Scene) {
	calls := make([]client.Call, rivals)
	for i := range calls {
		calls[i] = s.Append(s.Key("a"), "5", string(rune('a'+i)))
	}
	replies, errs := s.together(calls)
	winner, wins := "", 0
	for i, r := range replies {
		switch {
		case errs[i] != nil:
			panic(failed{errs[i]})
		case r.Status == 200:
			winner, wins = string(rune('a'+i)), wins+1
		default:
			s.Judge(r, s.Case.Then[0])
		}
	}
	if wins != 1 {
		s.Fail(s.Case.Clauses[0], clause.BrokenEffect, "exactly one of the appends succeeds", itoa(wins)+" succeeded")
		return
	}
	s.Judge(s.Do(s.Get(s.Key("a"))), Shown().Content("12345"+winner))
}
