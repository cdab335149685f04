package schemes_test

import (
	"testing"

	"objectharness/internal/sign"
	"objectharness/internal/sign/schemes"
	"objectharness/internal/sign/typical"
	"objectharness/internal/wire"
)

// keys is over how many objects a measurement goes round.
const keys = 16

// BenchmarkAppend signs the typical PUT of 4 KiB, and its presigned form. The
// request is prepared: its dates and parameters are there. The memory is the
// worker's own. x-floor is how many
// times as long as the bare hashing that takes.
func BenchmarkAppend(b *testing.B) {
	forEach(b, func(b *testing.B, s sign.Scheme, presign bool) {
		var requests [keys]*wire.Request
		var inputs [keys]*sign.Input
		own := sign.NewScratch()
		var floors [keys]*typical.Floor
		for i := range keys {
			requests[i], inputs[i] = typical.Request(s, presign, i)
			inputs[i].Scratch = own
			floors[i] = typical.FloorOf(s, requests[i], inputs[i])
		}
		var dst []byte
		i := 0
		sign := func() {
			var err error
			if dst, err = s.Append(dst[:0], requests[i%keys], inputs[i%keys], nil); err != nil {
				b.Fatal(err)
			}
			i++
		}
		b.ReportAllocs()
		for b.Loop() {
			sign()
		}
		best := typical.Fastest(sign, func() { floors[i%keys].Run(); i++ })
		b.ReportMetric(best[0], "best-ns")
		b.ReportMetric(best[1], "floor-ns")
		b.ReportMetric(best[0]/best[1], "x-floor")
	})
}

// BenchmarkApply makes a whole signed request of one that has no dates yet.
func BenchmarkApply(b *testing.B) {
	forEach(b, func(b *testing.B, s sign.Scheme, presign bool) {
		r, in := typical.Request(s, true, 0)
		r.Target, r.Fields = "/"+typical.Key(0), append(make(wire.Fields, 0, 8), r.Fields...)
		in.Presign = presign
		b.ReportAllocs()
		for b.Loop() {
			signed := *r
			if err := sign.Apply(s, &signed, in, nil); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	forEach(b, func(b *testing.B, s sign.Scheme, presign bool) {
		r, in := typical.Request(s, presign, 0)
		if err := sign.Apply(s, r, in, nil); err != nil {
			b.Fatal(err)
		}
		ck := checkFor(in)
		ck.Now = in.Time
		b.ReportAllocs()
		for b.Loop() {
			if _, err := s.Verify(r, ck, nil); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func forEach(b *testing.B, f func(b *testing.B, s sign.Scheme, presign bool)) {
	for _, s := range schemes.All() {
		b.Run(s.Name()+"/header", func(b *testing.B) { f(b, s, false) })
		b.Run(s.Name()+"/presigned", func(b *testing.B) { f(b, s, true) })
	}
}
