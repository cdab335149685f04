package suites

import (
	"slices"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// lengthless takes away what says how long the body is, and the body.
func lengthless(r *wire.Request) {
	r.Fields.Del("Content-Length")
	r.Body, r.Length = nil, 0
}

func putLengths(b *Book) {
	untold := By{
		"oss": {Clauses: "OSS-PUT-15", Want: Refused(411, "MissingContentLength")},
		"cos": {Clauses: "COS-XPUT-19", Want: Refused(411, "MissingContentLength")},
		"bos": {Clauses: "BOS-ERR-42", Want: Refused(411, "MissingContentLength")},
	}
	b.Case("put/length/missing", "refuses an upload that is neither chunked nor says its length", untold, Case{
		When: func(s *Scene) client.Call {
			c := s.Put(s.Key("k"), "")
			c.Before, c.Fresh = lengthless, true
			return c
		},
		After: []After{missing("k")},
	})
	chunked := func(s *Scene) client.Call {
		c := s.Put(s.Key("k"), "0123456789")
		c.Framing, c.Fresh = wire.Chunked, true
		return c
	}
	b.Case("put/length/chunked", "stores a chunked upload without Content-Length", By{
		"oss": {Clauses: "OSS-PUT-16", Want: Accepted(200)},
		"cos": {Clauses: "COS-XPUT-05", Want: Accepted(200)},
	}, Case{When: chunked, After: []After{reads("k", "0123456789")}})
	b.Case("put/length/chunked-refused", "refuses a chunked upload that does not say its length", By{
		"bos": untold["bos"],
		"s3":  {Clauses: "S3-ERR-12", Want: Refused(411, "MissingContentLength")},
	}, Case{When: chunked, After: []After{missing("k")}})
	b.Case("put/length/surplus", "stores as many bytes as Content-Length says and drops the rest", By{
		"oss": {Clauses: "OSS-PUT-10", Want: Accepted(200)},
		"cos": {Clauses: "COS-XPUT-03", Want: Accepted(200)},
		"bos": {Clauses: "BOS-PUT-25", Want: Accepted(2)},
	}, Case{
		When: func(s *Scene) client.Call {
			c := s.Put(s.Key("k"), "0123456789", Field("Content-Length", "5"), Field("Connection", "close"))
			c.Fresh = true
			return c
		},
		After: []After{reads("k", "01234")},
	})
}

// announced is an upload of n bytes of which none comes.
func announced(n int64, fields ...wire.Field) func(*Scene) client.Call {
	return func(s *Scene) client.Call {
		return client.Call{Method: "PUT", Bucket: s.Bucket, Key: s.Key("k"), Length: n, Framing: wire.HeadOnly, Fresh: true, Fields: fields}
	}
}

func putSizes(b *Book) {
	large := By{
		"oss": {Clauses: "OSS-PUT-11", Want: Refused(400, "InvalidArgument")},
		"cos": {Clauses: "COS-PUT-02 COS-XPUT-02", Want: Refused(400, "EntityTooLarge")},
		"bos": {Clauses: "BOS-PUT-02", Want: Refused(400, "EntityTooLarge")},
		"s3":  {Clauses: "S3-OBJ-05", Want: Refused(400, "EntityTooLarge")},
	}
	b.Case("put/size/5gib-and-one", "refuses an upload of 5 GiB and one byte before any of it comes", large, Case{
		When:  announced(5<<30+1, Field("Expect", "100-continue")),
		After: []After{missing("k")},
	})
	small := func(s *Scene) { s.NewPrivate(Setup{Limits: map[string]int64{"PutSize": 10}}) }
	scaled := By{"bos": {Clauses: "BOS-PUT-02", Want: Accepted(200)}}
	chunked := By{}
	for dialect, rests := range map[string]string{"oss": "OSS-PUT-16", "cos": "COS-XPUT-05"} {
		chunked[dialect] = Row{Clauses: large[dialect].Clauses, Want: large[dialect].Want, Rests: rests}
	}
	for _, dialect := range []string{"oss", "cos", "s3"} {
		scaled[dialect] = Row{Clauses: large[dialect].Clauses, Want: Accepted(2)}
	}
	most := storing("0123456789")
	most.Needs, most.Given = NeedsPrivate, []Given{small}
	b.Case("put/size/most", "stores an upload of exactly the largest size", scaled, most)
	b.Case("put/size/chunked-and-one", "refuses a chunked upload that turns out to be one byte too large", chunked, Case{
		Needs: NeedsPrivate,
		Given: []Given{small},
		When: func(s *Scene) client.Call {
			c := s.Put(s.Key("k"), "0123456789a")
			c.Framing, c.Fresh = wire.Chunked, true
			return c
		},
		After: []After{missing("k")},
	})
}

// halfBody is an upload that announces ten bytes and sends five.
func halfBody(framing wire.Framing) func(*Scene) client.Call {
	return func(s *Scene) client.Call {
		c := s.Put(s.Key("k"), "01234", Field("Content-Length", "10"))
		c.Framing, c.Fresh = framing, true
		return c
	}
}

func putBroken(b *Book) {
	b.Case("put/length/cut", "refuses a body that ends before its announced length, and stores nothing", By{
		"oss": {Clauses: "OSS-XPUT-14", Want: Refused(400, "IncompleteBody")},
		"bos": {Clauses: "BOS-ERR-25", Want: Refused(400, "InvalidHTTPRequest")},
		"s3":  {Clauses: "S3-ERR-13", Want: Refused(400, "IncompleteBody")},
	}, Case{When: halfBody(wire.Cut), After: []After{missing("k")}})
	b.Case("put/length/stalled", "gives up on a body of which no more comes, and stores nothing", By{
		"oss": {Clauses: "OSS-PUT-12", Want: Refused(400, "RequestTimeout")},
		"bos": {Clauses: "BOS-ERR-55", Want: Refused(400, "RequestTimeout")},
		"s3":  {Clauses: "S3-ERR-14", Want: Refused(400, "RequestTimeout")},
	}, Case{
		Needs: NeedsPrivate,
		Given: []Given{func(s *Scene) { s.NewPrivate(Setup{Limits: map[string]int64{"BodyWait": 30}}) }},
		When:  halfBody(wire.Plain),
		After: []After{missing("k")},
	})
}

func putWaiting(b *Book) {
	waits := Field("Expect", "100-continue")
	b.Case("put/expect/continue", "tells a client that waits to go on", By{
		"cos": {Clauses: "COS-PUT-03 COS-XPUT-18", Want: Shown().With(told(true))},
		"bos": {Clauses: "BOS-PUT-26", Want: Shown().With(told(true))},
		"s3":  {Clauses: "S3-SIG-43", Want: Shown().With(told(true))},
	}, storing("0123456789", waits))
	b.Case("put/expect/refused", "refuses a client that waits without telling it to go on", By{
		"cos": {Clauses: "COS-XPUT-18", Want: Refused(403, "").With(told(false)), Rests: "COS-XSIG-12"},
		"s3":  {Clauses: "S3-SIG-44", Want: Refused(403, "").With(told(false)), Rests: "S3-SIG-41"},
	}, Case{
		When: func(s *Scene) client.Call {
			c := s.Put(s.Key("k"), "0123456789", waits)
			c.Anonymous, c.Fresh = true, true
			return c
		},
		After: []After{missing("k")},
	})
}

// told wants a 100 before the final reply, or none.
func told(want bool) func(*Scene, *client.Reply) []Flaw {
	return func(_ *Scene, r *client.Reply) []Flaw {
		if slices.Contains(r.Interim, 100) == want {
			return nil
		}
		if want {
			return []Flaw{{"100 Continue before the final reply", "none"}}
		}
		return []Flaw{{"no 100 Continue before the refusal", "one"}}
	}
}
