package suites

import (
	"slices"
	"time"

	"objectharness/internal/clause"
	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// Kinds of reads, for which a target may be granted a window each.
const (
	readObject = "object" // an object, its head or its settings
	readList   = "list"   // a listing of objects, versions, uploads or buckets
	readConfig = "config" // a bucket's settings
)

// Pauses between two looks: the first, doubled from look to look up to the last.
const (
	firstPause = 50 * time.Millisecond
	lastPause  = time.Second
)

// lists are the parameters of listings, beside which a bucket's parameter asks
// for a setting.
var lists = []string{"prefix", "delimiter", "marker", "key-marker", "version-id-marker", "upload-id-marker", "start-after", "continuation-token",
	"max-keys", "max-uploads", "maxKeys", "maxUploads", "keyMarker", "fetch-owner", "encoding-type", "list-type", "versions", "uploads"}

// kindOf is the kind of a read, "" where the call is none.
func kindOf(call client.Call) string {
	switch {
	case call.Method != "GET" && call.Method != "HEAD":
		return ""
	case call.Key != "":
		return readObject
	case slices.ContainsFunc(call.Query, func(p wire.Param) bool { return !slices.Contains(lists, p.Name) }):
		return readConfig
	}
	return readList
}

// An asking is a call with who made it and what came.
type asking struct {
	by    *client.Client
	call  client.Call
	reply *client.Reply
}

// converge looks again while a read does not show what was written before it and
// the window of its kind is open, and notes how long that took. Where the target
// is granted no window the first look counts. It returns the last reply.
func (s *Scene) converge(a asking, holds func(*client.Reply) bool) *client.Reply {
	kind := kindOf(a.call)
	window := s.Windows[kind]
	if window == 0 || s.wrote.IsZero() || s.Subject != s.home {
		return a.reply
	}
	d := clause.Delay{Step: s.step, Kind: kind, Looks: 1, Window: window}
	r, pause := a.reply, firstPause
	for d.Seen = holds(r); !d.Seen; d.Seen = holds(r) {
		left := window - s.home.Now().Sub(s.wrote)
		if left <= 0 {
			break
		}
		if err := s.home.Wait(s.Ctx, min(pause, left)); err != nil {
			panic(failed{err})
		}
		pause = min(2*pause, lastPause)
		r, d.Looks = s.send(a.by, a.call), d.Looks+1
	}
	d.Took = s.home.Now().Sub(s.wrote)
	s.out.Delays = append(s.out.Delays, d)
	return r
}

// satisfies tells whether a reply is all that wants ask.
func (s *Scene) satisfies(r *client.Reply, effect bool, wants ...Want) (ok bool) {
	defer func() {
		if v := recover(); v != nil {
			if _, is := v.(blocked); !is {
				panic(v)
			}
			ok = false
		}
	}()
	for _, w := range wants {
		if len(w.judge(s, r, effect)) > 0 {
			return false
		}
	}
	return true
}
