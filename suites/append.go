package suites

import "objectharness/internal/client"

// appendBooks write the chapter append: objects that grow at their end.
var appendBooks = []func(*Book){appendPositions}

// appended makes an appendable object of the case's key "a" out of parts.
func appended(parts ...string) Given {
	return func(s *Scene) {
		length := 0
		for _, p := range parts {
			s.Must(s.Append(s.Key("a"), itoa(length), p))
			length += len(p)
		}
	}
}

// reads is the later look that key still holds body.
func reads(key, body string) After {
	return After{Text: "the object holds what it held",
		Call: func(s *Scene) client.Call { return s.Get(s.Key(key)) }, Want: Accepted(200).Content(body)}
}

func appendPositions(b *Book) {
	next := b.W.NextPosition
	b.Case("position-not-length", "refuses an append whose position is not the length, names the length, and keeps the object", By{
		"oss": {Clauses: "OSS-APPEND-06", Want: Refused(409, "PositionNotEqualToLength").Field(next, "5")},
	}, Case{
		Given: []Given{appended("hello")},
		When:  func(s *Scene) client.Call { return s.Append(s.Key("a"), "3", "X") },
		After: []After{reads("a", "hello")},
	})
}
