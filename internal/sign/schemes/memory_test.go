package schemes_test

import (
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"objectharness/internal/sign"
	"objectharness/internal/sign/ossv4"
	"objectharness/internal/sign/schemes"
	"objectharness/internal/sign/sigv4"
	"objectharness/internal/sign/typical"
	"objectharness/internal/wire"
)

func TestSigningAllocatesNothing(t *testing.T) {
	for _, s := range schemes.All() {
		for _, presign := range []bool{false, true} {
			own, n := sign.NewScratch(), 0
			var requests [keys]*wire.Request
			var inputs [keys]*sign.Input
			for i := range keys {
				requests[i], inputs[i] = typical.Request(s, presign, i)
				inputs[i].Scratch = own
			}
			dst := make([]byte, 0, 1024)
			allocs := testing.AllocsPerRun(100, func() {
				if _, err := s.Append(dst, requests[n%keys], inputs[n%keys], nil); err != nil {
					t.Fatal(err)
				}
				n++
			})
			if allocs != 0 {
				t.Errorf("%s presign=%v: %v allocations, want none", s.Name(), presign, allocs)
			}
		}
	}
}

// vary changes a little of a request and its input: a value, a time, a name.
func vary(rng *rand.Rand, r *wire.Request, in *sign.Input) {
	f := &r.Fields[rng.IntN(len(r.Fields))]
	switch rng.IntN(9) {
	case 0:
		f.Value = ""
	case 1:
		f.Value = randomText(rng, 9)
	case 2:
		f.Name = strings.ToUpper(f.Name)
	case 3:
		r.Fields = append(r.Fields, *f)
	case 4:
		in.Time = in.Time.Add(time.Duration(rng.IntN(3)) * 700 * time.Millisecond)
		in.Expires += 500 * time.Millisecond
	case 5:
		in.SecretKey += "x"
	case 6:
		in.Presign = !in.Presign
	case 7:
		in.Region = []string{"a", "a/b", ""}[rng.IntN(3)]
	case 8:
		in.Signed = [][]string{nil, {"host"}, {}}[rng.IntN(3)]
	}
}

// TestWhatMemoryHoldsDoesNotMatter signs requests that differ a little from one
// to the next in the same memory, and each in memory of its own, traced.
func TestWhatMemoryHoldsDoesNotMatter(t *testing.T) {
	for _, s := range schemes.All() {
		rng, own := rand.New(rand.NewPCG(5, 6)), sign.NewScratch()
		for range 400 {
			r, resource := randomRequest(rng, prefixes[s.Name()])
			in := inputFor(resource, "", false)
			in.Payload = sigv4.Unsigned
			for range 8 {
				var steps sign.Steps
				in.Scratch = sign.NewScratch()
				want, err := s.Append(nil, r, in, &steps)
				if err != nil {
					t.Fatal(err)
				}
				in.Scratch = own
				if got, _ := s.Append(nil, r, in, nil); string(got) != string(want) {
					t.Fatalf("%s: %+v %v\n got %s\nwant %s", s.Name(), r, in.Signed, got, want)
				}
				vary(rng, r, in)
			}
		}
	}
}

func TestConcurrentSigning(t *testing.T) {
	for _, s := range schemes.All() {
		var want [keys]string
		for i := range keys {
			r, in := account(s, i)
			text, err := s.Append(nil, r, in, nil)
			if err != nil {
				t.Fatal(err)
			}
			want[i] = string(text)
		}
		var all sync.WaitGroup
		for worker := range 4 {
			all.Go(func() {
				for i := range 10 * keys {
					n := (i + worker) % keys
					r, in := account(s, n)
					if got, err := s.Append(nil, r, in, nil); err != nil || string(got) != want[n] {
						t.Errorf("%s: got %s and %v, want %s", s.Name(), got, err, want[n])
					}
				}
			})
		}
		all.Wait()
	}
}

// account is the n-th request of the n-th account.
func account(s sign.Scheme, n int) (*wire.Request, *sign.Input) {
	r, in := typical.Request(s, n%2 == 0, n)
	in.AccessKey, in.SecretKey = fmt.Sprint("AK", n), fmt.Sprint("secret", n)
	return r, in
}

// TestKeptKeysStayInside looks for secret and keys in all that signing and
// verifying give out but the steps that are marked as secret.
func TestKeptKeysStayInside(t *testing.T) {
	each(t, func(t *testing.T, _ *rand.Rand, s sign.Scheme, r *wire.Request, in *sign.Input) {
		ck := checkFor(in)
		var steps sign.Steps
		v, err := s.Verify(r, ck, &steps)
		if err != nil {
			t.Fatal(err)
		}
		r.Method = "PATCH"
		_, refusal := s.Verify(r, ck, nil)
		said := fmt.Sprintf("%+v %v %+v %#v", *v, refusal, refusal, refusal)
		secrets := []string{in.SecretKey, hex.EncodeToString(sigv4.Key(in)), hex.EncodeToString(ossv4.Key(in))}
		for _, step := range steps.List {
			if step.Secret {
				secrets = append(secrets, step.Value)
			} else {
				said += step.Value
			}
		}
		for _, secret := range secrets {
			if strings.Contains(said, secret) {
				t.Fatalf("%s says %q:\n%s", s.Name(), secret, said)
			}
		}
	})
}
