package sign

import "sync"

// Scratch is the memory of one signature, used again by the next, with the last
// few keys. Nothing that leaves a scheme refers to it: what it holds of secrets
// reaches no trace, error or log.
type Scratch struct {
	Query, Fields           Table
	Text, More, Names, Part []byte
	Input                   Input // room for what its owner signs with

	seals             [maxSeals]Seal
	keys              [maxKeyed]keyed
	nextSeal, nextKey int // to be replaced
	own               Seal
	sum, out          []byte
	owned             bool
}

// NewScratch is memory for an Input of its own: whoever signs one request after
// the other saves borrowing. Two goroutines must not share it.
func NewScratch() *Scratch { return &Scratch{owned: true} }

// maxScratch bounds the memory that a Scratch keeps, in bytes a buffer: a request
// with a larger head pays for it again.
const maxScratch = 64 << 10

var scratches = sync.Pool{New: func() any { return new(Scratch) }}

// Borrow returns a Scratch; Return gives it back.
func Borrow() *Scratch { return scratches.Get().(*Scratch) }

// Borrow is the memory to sign in with: its own, or borrowed.
func (in *Input) Borrow() *Scratch {
	if in.Scratch != nil {
		return in.Scratch
	}
	return Borrow()
}

// Return gives s back; nothing taken from it may be used afterwards.
func (s *Scratch) Return() {
	s.Query.live, s.Fields.live = nil, nil
	if !s.owned && max(cap(s.Text), cap(s.More), cap(s.Query.buf), cap(s.Fields.buf)) <= maxScratch {
		scratches.Put(s)
	}
}
