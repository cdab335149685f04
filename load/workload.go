// Package load measures a store under load: workloads whose every request is a
// pure function of a number, sent by vegeta's engine on a plan that is known
// beforehand, so that service time, response time and lateness can be told apart
// and several generators can share one schedule.
package load

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// An Op is one kind of request.
type Op string

// The operations that a workload can mix.
const (
	Put          Op = "put"
	Get          Op = "get"
	Head         Op = "head"
	Delete       Op = "delete"
	List         Op = "list"
	Copy         Op = "copy"
	Append       Op = "append"        // makes an appendable object by its first append
	Multipart    Op = "multipart"     // initiation, one part and completion, timed as one
	PresignedGet Op = "presigned-get" // the signature is in the URL
)

// Ops lists the operations in the order of the documentation.
func Ops() []Op {
	return []Op{Put, Get, Head, Delete, List, Copy, Append, Multipart, PresignedGet}
}

// writes tells whether the operation makes an object of its own.
func (o Op) writes() bool { return o == Put || o == Copy || o == Append || o == Multipart }

// reads tells whether the operation reads a body.
func (o Op) reads() bool { return o == Get || o == PresignedGet }

// A Share is how often an operation comes, relative to the others.
type Share struct {
	Op     Op
	Weight float64
}

// ParseMix reads a mix such as "put" or "put:70,get:25,list:5"; weights are
// relative, and 1 where none is given.
func ParseMix(text string) ([]Share, error) {
	var mix []Share
	for part := range strings.SplitSeq(text, ",") {
		name, weight, given := strings.Cut(strings.TrimSpace(part), ":")
		s := Share{Op(name), 1}
		if !known(s.Op) {
			return nil, fmt.Errorf("load: mix %q: expected operations of %v, got %q", text, Ops(), name)
		}
		if given {
			var err error
			if s.Weight, err = strconv.ParseFloat(weight, 64); err != nil || !(s.Weight > 0) || math.IsInf(s.Weight, 0) {
				return nil, fmt.Errorf("load: mix %q: expected a weight above 0 behind %s, got %q", text, name, weight)
			}
		}
		mix = append(mix, s)
	}
	return mix, nil
}

func known(op Op) bool {
	for _, o := range Ops() {
		if o == op {
			return true
		}
	}
	return false
}

// A Workload says what is asked for; how fast is the business of a Schedule. All
// that varies is drawn from the seed and the number of the request.
type Workload struct {
	Mix        []Share
	Size       Size
	Objects    uint64 // objects that are there before the measurement, for the operations that need some
	Popularity Popularity
	Seed       uint64
}

// A Hit is one request.
type Hit struct {
	Seq  uint64 // its number in the schedule
	Op   Op
	N    uint64 // number of the key that is written, or of the one that is read
	From uint64 // number of the key that is copied
	Size int64  // bytes of the body that is written
}

// Hit is the request of a number. Writes name the keys behind the objects that
// are there already, in the order of the schedule.
func (w *Workload) Hit(seq uint64) Hit {
	d := draws{w.Seed ^ mix64(seq+1)}
	h := Hit{Seq: seq, Op: w.op(d.next())}
	popular := w.Popularity(d.next(), w.Objects)
	switch {
	case h.Op.writes():
		h.N, h.From = w.Objects+seq, popular
		h.Size = w.Size(d.next())
	case h.Op == Delete: // of an object that no other request asks for
		h.N = w.Objects + seq
	default:
		h.N = popular
	}
	return h
}

// op picks an operation of the mix.
func (w *Workload) op(u float64) Op {
	total := 0.0
	for _, s := range w.Mix {
		total += s.Weight
	}
	u *= total
	for _, s := range w.Mix {
		if u -= s.Weight; u < 0 {
			return s.Op
		}
	}
	return w.Mix[len(w.Mix)-1].Op
}

// Needs tells how many objects must be there before n requests are sent, about:
// those that are read or copied, and those that are deleted.
func (w *Workload) Needs(n uint64) uint64 {
	need, total, deleted := uint64(0), 0.0, 0.0
	for _, s := range w.Mix {
		total += s.Weight
		switch {
		case s.Op == Delete:
			deleted += s.Weight
		case !s.Op.writes() || s.Op == Copy:
			need = w.Objects
		}
	}
	return need + uint64(math.Ceil(float64(n)*deleted/total))
}

// has tells whether the mix has an operation.
func (w *Workload) has(op Op) bool {
	return slices.ContainsFunc(w.Mix, func(s Share) bool { return s.Op == op })
}

// needs tells whether the n-th object must be there beforehand.
func (w *Workload) needs(n uint64) bool {
	if n >= w.Objects {
		return w.Hit(n-w.Objects).Op == Delete
	}
	return w.Needs(0) > 0
}

// draws are numbers from 0 to 1 out of one state (SplitMix64).
type draws struct{ state uint64 }

func (d *draws) next() float64 {
	d.state += 0x9e3779b97f4a7c15
	return float64(mix64(d.state)>>11) / (1 << 53)
}

func mix64(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
