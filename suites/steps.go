package suites

import (
	"time"

	"objectharness/internal/client"
)

// Steps that the chapters share.

// put stores an ordinary object at the case's key.
func put(key, body string) Given {
	return func(s *Scene) { s.Must(s.Put(s.Key(key), body)) }
}

// snapshot remembers the object at key for unchanged; it must be there.
func snapshot(key string) Given {
	return func(s *Scene) {
		r := s.Must(s.Get(s.Key(key)))
		s.Keep("body of "+key, string(r.Body))
		s.Keep("etag of "+key, r.Fields.Get("ETag"))
	}
}

// unchanged is the later look that key holds what it held at snapshot: for
// refusals, which must have no effect.
func unchanged(key string) After {
	return After{Text: "the object is as it was",
		Call: func(s *Scene) client.Call { return s.Get(s.Key(key)) },
		Want: Want{Status: 200, Body: kept("body of " + key)}.Field("ETag", kept("etag of "+key))}
}

// reads is the later look that key holds body.
func reads(key, body string) After {
	return After{Text: "the object holds " + excerpt(body),
		Call: func(s *Scene) client.Call { return s.Get(s.Key(key)) }, Want: Accepted(200).Content(body)}
}

// missing is the later look that there is no object at key.
func missing(key string) After {
	return After{Text: "there is no object",
		Call: func(s *Scene) client.Call { return s.Head(s.Key(key)) }, Want: Want{Check: neverPut}}
}

// neverPut holds a reply to that of the same request for a key that nobody put;
// how such a key is refused is the business of other clauses.
func neverPut(s *Scene, r *client.Reply) []Flaw {
	never := s.Do(client.Call{Method: r.Request.Method, Bucket: s.Bucket, Key: s.Key("never-put")})
	if never.Status/100 == 2 {
		s.Block("a key that nobody put answered %s", describe(never))
	}
	if r.Status != never.Status {
		return []Flaw{{"status " + itoa(never.Status) + ", as for a key that nobody put", describe(r)}}
	}
	return nil
}

// standing opens an emulator of the case's own whose clock stands.
func standing(s *Scene) { s.NewPrivate(Setup{Time: time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)}) }

// kept is a value that a given step kept.
func kept(name string) func(*Scene) any { return func(s *Scene) any { return s.Kept(name) } }
