package suites

import (
	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// sealsAnswered asks of everything that makes an object, but of putting it, to
// answer how that is encrypted.
func sealsAnswered(b *Book) {
	told := Shown().Field("x-amz-server-side-encryption", "AES256")
	repeated := Shown().Field("x-amz-server-side-encryption-customer-algorithm", "AES256").
		Field("x-amz-server-side-encryption-customer-key-MD5", sealing("", sealKeyOne)[2].Value)
	for _, c := range []struct {
		name, text, rests string
		given             func(fields []wire.Field) []Given
		when              func(s *Scene, fields []wire.Field) client.Call
	}{
		{"upload", "an upload that begins", "S3-MPU-01", func([]wire.Field) []Given { return nil },
			func(s *Scene, fields []wire.Field) client.Call { return s.mpBegin("m", fields...) }},
		{"part", "a part", "S3-MPU-04", func(fields []wire.Field) []Given { return []Given{mpBegun("m", fields...)} },
			func(s *Scene, fields []wire.Field) client.Call { return s.mpPart("m", "1", "content", fields...) }},
		{"copied-part", "a part that is copied", "S3-MPU-04", func(fields []wire.Field) []Given { return []Given{put("from", "content"), mpBegun("m", fields...)} },
			func(s *Scene, fields []wire.Field) client.Call { return s.mpCopy("m", 1, "from", fields...) }},
		{"copy", "a copy", "S3-COPY-01", func([]wire.Field) []Given { return []Given{put("from", "content")} },
			func(s *Scene, fields []wire.Field) client.Call { return s.Copy("from", "to", fields...) }},
	} {
		for _, how := range []struct {
			name, text, clause string
			want               Want
			fields             []wire.Field
		}{
			{"service", "how it is encrypted", "S3-SSE-14", told, nil},
			{"customer", "what its client says of the key", "S3-SSE-15", repeated, sealing("", sealKeyOne)},
		} {
			b.Case("answered/"+c.name+"/"+how.name, "answers "+c.text+" "+how.text, By{
				"s3": {Clauses: how.clause, Want: how.want, Rests: c.rests},
			}, Case{Given: c.given(how.fields), When: func(s *Scene) client.Call { return c.when(s, how.fields) }})
		}
	}
}
