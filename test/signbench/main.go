// Command signbench signs the same requests with the harness and with the
// vendors' SDKs and prints what each signature costs. Nothing is sent.
package main

import (
	"fmt"
	"os"
	"runtime"
	"text/tabwriter"

	"objectharness/internal/sign"
	"objectharness/internal/sign/schemes"
	"objectharness/internal/sign/typical"
	"objectharness/internal/wire"
)

// keys is over how many objects a measurement goes round.
const keys = 16

func main() {
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 1, ' ', 0)
	fmt.Fprintln(out, "| scheme\t| form\t| signer\t| ns\t| B\t| allocs\t| × floor\t| × ours\t|")
	fmt.Fprintln(out, "|---\t|---\t|---\t|---\t|---\t|---\t|---\t|---\t|")
	for _, s := range schemes.All() {
		for _, presign := range []bool{false, true} {
			measure(out, s, presign)
		}
	}
	out.Flush()
}

// subject is one way to sign the n-th request.
type subject struct {
	name string
	sign func(n int)
}

// measure prints the rows of a scheme in one form: the bare hashing, ours, and
// each SDK that has the scheme.
func measure(out *tabwriter.Writer, s sign.Scheme, presign bool) {
	form := "header"
	if presign {
		form = "presigned"
	}
	subjects := append([]subject{floor(s, presign), ours(s, presign), whole(s, presign)}, sdks(s.Name(), presign)...)
	functions := make([]func(), len(subjects))
	for i := range subjects {
		n := 0
		functions[i] = func() { subjects[i].sign(n % keys); n++ }
	}
	best := typical.Fastest(functions...)
	for i, x := range subjects {
		bytes, allocs := memory(functions[i])
		fmt.Fprintf(out, "| %s\t| %s\t| %s\t| %.0f\t| %d\t| %d\t| %.2f\t| %.1f\t|\n", s.Name(), form, x.name, best[i], bytes, allocs,
			best[i]/best[0], best[i]/best[1])
	}
}

// memory is what one call takes from the heap.
func memory(f func()) (bytes, allocs uint64) {
	const times = 1000
	var before, after runtime.MemStats
	f()
	runtime.ReadMemStats(&before)
	for range times {
		f()
	}
	runtime.ReadMemStats(&after)
	return (after.TotalAlloc - before.TotalAlloc) / times, (after.Mallocs - before.Mallocs) / times
}

func prepared(s sign.Scheme, presign bool) (requests [keys]*wire.Request, inputs [keys]*sign.Input) {
	own := sign.NewScratch()
	for i := range keys {
		requests[i], inputs[i] = typical.Request(s, presign, i)
		inputs[i].Scratch = own
	}
	return requests, inputs
}

func floor(s sign.Scheme, presign bool) subject {
	var floors [keys]*typical.Floor
	requests, inputs := prepared(s, presign)
	for i := range floors {
		floors[i] = typical.FloorOf(s, requests[i], inputs[i])
	}
	return subject{fmt.Sprintf("bare hashing, %d blocks", floors[0].Blocks), func(n int) { floors[n].Run() }}
}

func ours(s sign.Scheme, presign bool) subject {
	requests, inputs := prepared(s, presign)
	var dst []byte
	return subject{"ours", func(n int) {
		var err error
		if dst, err = s.Append(dst[:0], requests[n], inputs[n], nil); err != nil {
			panic(err)
		}
	}}
}

// whole adds dates and parameters, signs, and makes the strings of the request.
func whole(s sign.Scheme, presign bool) subject {
	requests, inputs := prepared(s, presign)
	room := make(wire.Fields, 0, 16)
	for i, r := range requests {
		r.Target = "/" + typical.Key(i)
		for _, name := range []string{"Date", "x-oss-date", "x-oss-content-sha256", "x-amz-date", "x-amz-content-sha256"} {
			r.Fields.Del(name)
		}
	}
	return subject{"ours, whole request", func(n int) {
		r := *requests[n]
		r.Fields = append(room[:0], r.Fields...)
		if err := sign.Apply(s, &r, inputs[n], nil); err != nil {
			panic(err)
		}
	}}
}
