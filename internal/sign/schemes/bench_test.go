package schemes_test

import (
	"bytes"
	"crypto/sha256"
	"testing"

	"objectharness/internal/sign"
	"objectharness/internal/sign/schemes"
	"objectharness/internal/wire"
)

// BenchmarkAppend signs a 4 KiB PUT that is prepared already; with presign=true
// the URL. BenchmarkFloor is the hashing that no implementation can leave out.
func BenchmarkAppend(b *testing.B) {
	for _, s := range schemes.All() {
		for _, presign := range []bool{false, true} {
			name := s.Name() + "/header"
			if presign {
				name = s.Name() + "/presigned"
			}
			b.Run(name, func(b *testing.B) {
				r, in := benchRequest(b, s, presign)
				var dst []byte
				b.ReportAllocs()
				for b.Loop() {
					var err error
					if dst, err = s.Append(dst[:0], r, in, nil); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	for _, s := range schemes.All() {
		b.Run(s.Name(), func(b *testing.B) {
			r, in := benchRequest(b, s, false)
			text, err := s.Append(nil, r, in, nil)
			if err != nil {
				b.Fatal(err)
			}
			r.Fields.Add("Authorization", string(text))
			ck := checkFor(in)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s.Verify(r, ck, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func benchRequest(b *testing.B, s sign.Scheme, presign bool) (*wire.Request, *sign.Input) {
	body := bytes.Repeat([]byte("x"), 4096)
	r := &wire.Request{Method: "PUT", Target: "/dir/object-000001?partNumber=1&uploadId=0004B9894A22E5B1888A1E29F8236E2D",
		Fields: wire.Fields{{Name: "Host", Value: "bucket.example.com"}, {Name: "Content-Type", Value: "application/octet-stream"},
			{Name: "Content-Length", Value: "4096"}, {Name: "x-" + prefixes[s.Name()] + "-meta-a", Value: "1"}},
		Body: bytes.NewReader(body), Length: 4096}
	in := inputFor("/bucket/dir/object-000001", "", presign)
	if err := s.Prepare(r, in); err != nil {
		b.Fatal(err)
	}
	return r, in
}

func BenchmarkFloor(b *testing.B) {
	key, text := make([]byte, 32), make([]byte, 256)
	b.Run("one HMAC-SHA1 of 256 bytes", func(b *testing.B) {
		for b.Loop() {
			sign.HMAC1(key, text)
		}
	})
	b.Run("one HMAC-SHA256 of 256 bytes", func(b *testing.B) {
		for b.Loop() {
			sign.HMAC256(key, text)
		}
	})
	b.Run("four HMACs of a key, one of the text, one SHA-256", func(b *testing.B) {
		for b.Loop() {
			derived := sign.DerivedKey("AWS4", "secret", "20240229", "r-1", "s3", "aws4_request")
			sign.HMAC256(derived[:], text[:130])
			sha256.Sum256(text)
		}
	})
}
