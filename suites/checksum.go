package suites

import (
	"slices"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// checksumBooks write the chapter checksum: bodies are what their checksums say.
var checksumBooks = slices.Concat([]func(*Book){sumsOfObjects, sumsRefused, sumsRead, sumsBehind, sumsOfUploads, sumsOfParts, sumsCompleted, sumsWhole, sumsOfCopies, sumsElsewhere}, sumsAlone, sumsNewer)

// sumName are the names of the checksums, in the order of the documents.
var sumNames = []string{"CRC32", "CRC32C", "SHA1", "SHA256", "CRC64NVME"}

// digits is a body; sumsOfDigits are its checksums, and sumsOfOthers those of
// another body.
const digits = "123456789"

var (
	sumsOfDigits = map[string]string{"CRC32": "y/Q5Jg==", "CRC32C": "4waSgw==", "SHA1": "98O8HYCOBHMq32eZZczDTKeuNEE=",
		"SHA256": "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=", "CRC64NVME": "rosUhgp5mIg="}
	sumsOfOthers = map[string]string{"CRC32": "vzXSrw==", "CRC32C": "37YtDQ==", "SHA1": "3dnUE2OlNa65qBeO0D7eXKaf1Dg=",
		"SHA256": "hzUXlUuKPY/SIFJbHSAwXm5c+Hp5J7LevMk5HGr2Buk=", "CRC64NVME": "jNiRfOyOXzQ="}
)

// sumField is the field that holds a checksum.
func sumField(name, value string) wire.Field { return Field("x-amz-checksum-"+lower(name), value) }

// summed asks for the checksum of what is read.
var summed = Field("x-amz-checksum-mode", "ENABLED")

// hasSum wants a checksum of a reply, and its type.
func hasSum(w Want, name, value, kind string) Want {
	return w.Field("x-amz-checksum-"+lower(name), value).Field("x-amz-checksum-type", kind)
}

// sumThere is the later look that the object at a has a checksum.
func sumThere(name, value, kind string) After {
	return After{Text: "the object has the checksum", Call: func(s *Scene) client.Call { return s.Head(s.Key("a"), summed) },
		Want: hasSum(Accepted(200), name, value, kind)}
}

func putDigits(fields ...wire.Field) func(*Scene) client.Call {
	return func(s *Scene) client.Call { return s.Put(s.Key("a"), digits, fields...) }
}

func sumsOfObjects(b *Book) {
	for _, name := range sumNames {
		row := Row{Clauses: "S3-CKS-01", Want: hasSum(Accepted(200), name, sumsOfDigits[name], "FULL_OBJECT"), Rests: "S3-CKS-08 S3-OBJ-01"}
		if name == "CRC32" || name == "CRC32C" || name == "CRC64NVME" {
			row.Clauses += " S3-CKS-10"
		}
		b.Case("put/right/"+lower(name), "keeps and answers a right "+name, By{"s3": row}, Case{
			When:  putDigits(sumField(name, sumsOfDigits[name])),
			After: []After{sumThere(name, sumsOfDigits[name], "FULL_OBJECT")},
		})
		b.Case("put/other/"+lower(name), "refuses the "+name+" of other data, and keeps nothing", By{
			"s3": {Clauses: "S3-CKS-02", Want: Want{Status: 400, Code: "BadDigest", Step: 1}},
		}, Case{When: putDigits(sumField(name, sumsOfOthers[name])), After: []After{missing("a")}})
	}
	for _, c := range []struct{ name, word string }{{"known", "SHA256"}, {"unknown", "TEST"}} {
		b.Case("put/algorithm/"+c.name, "reads nothing out of a field that is for other requests", By{
			"s3": {Clauses: "S3-CKS-06", Want: Accepted(200), Rests: "S3-CKS-07 S3-CKS-08 S3-OBJ-01"},
		}, Case{When: putDigits(Field("x-amz-checksum-algorithm", c.word)), After: []After{sumThere("CRC64NVME", sumsOfDigits["CRC64NVME"], "FULL_OBJECT")}})
	}
	b.Case("put/none", "sums up what comes without a checksum", By{
		"s3": {Clauses: "S3-CKS-07", Want: Shown(), Rests: "S3-CKS-08"},
	}, Case{When: putDigits(), After: []After{sumThere("CRC64NVME", sumsOfDigits["CRC64NVME"], "FULL_OBJECT")}})
}

func sumsRefused(b *Book) {
	for _, c := range []struct {
		name, text, clause string
		fields             []wire.Field
	}{
		{"form/short", "refuses a checksum that is too short", "S3-CKS-03", []wire.Field{sumField("CRC32C", "xxxx")}},
		{"form/no-base64", "refuses a checksum that is no base64", "S3-CKS-03", []wire.Field{sumField("CRC32C", "xxx")}},
		{"two", "refuses two checksums", "S3-CKS-04", []wire.Field{sumField("CRC32", sumsOfDigits["CRC32"]), sumField("SHA256", sumsOfDigits["SHA256"])}},
		{"announced", "refuses a request that names a checksum and has none", "S3-CKS-05", []wire.Field{Field("x-amz-sdk-checksum-algorithm", "CRC32")}},
	} {
		b.Case("put/"+c.name, c.text, By{
			"s3": {Clauses: c.clause, Want: Refused(400, "InvalidRequest")},
		}, Case{When: putDigits(c.fields...), After: []After{missing("a")}})
	}
}

func sumsRead(b *Book) {
	given := func(name string) []Given {
		return []Given{func(s *Scene) { s.Must(putDigits(sumField(name, sumsOfDigits[name]))(s)) }}
	}
	ask := func(method string, fields ...wire.Field) func(*Scene) client.Call {
		return func(s *Scene) client.Call {
			return client.Call{Method: method, Bucket: s.Bucket, Key: s.Key("a"), Fields: fields}
		}
	}
	for _, method := range []string{"GET", "HEAD"} {
		b.Case("read/asked/"+lower(method), "tells the checksum to whom asks for it with "+method, By{
			"s3": {Clauses: "S3-CKS-08", Want: hasSum(Shown(), "SHA256", sumsOfDigits["SHA256"], "FULL_OBJECT"), Rests: "S3-CKS-01"},
		}, Case{Given: given("SHA256"), When: ask(method, summed)})
		b.Case("read/unasked/"+lower(method), "tells no checksum to whom does not ask for it with "+method, By{
			"s3": {Clauses: "S3-CKS-08", Want: Shown().Field("x-amz-checksum-sha256", Absent).Field("x-amz-checksum-type", Absent)},
		}, Case{Given: given("SHA256"), When: ask(method)})
	}
	b.Case("read/part", "tells no checksum of the object with a part of it", By{
		"s3": {Clauses: "S3-CKS-09", Want: Shown().Field("x-amz-checksum-crc32", Absent)},
	}, Case{Given: given("CRC32"), When: ask("GET", summed, Field("Range", "bytes=0-3"))})
	b.Case("read/whole", "tells the checksum with a range that is the whole object", By{
		"s3": {Clauses: "S3-CKS-09", Want: Shown().Field("x-amz-checksum-crc32", sumsOfDigits["CRC32"]), Rests: "S3-CKS-01 S3-CKS-08"},
	}, Case{Given: given("CRC32"), When: ask("GET", summed, Field("Range", "bytes=0-100"))})
}

// sumsBehind are checksums that follow the body.
func sumsBehind(b *Book) {
	right := stream{word: unsignedChunks, sizes: []int{9}, text: digits, trailers: []wire.Field{sumField("CRC32", sumsOfDigits["CRC32"])}}
	wrong := func(name, text, clause, code string, change func(*stream)) {
		u := right
		change(&u)
		b.Case("behind/"+name, text, By{"s3": {Clauses: clause, Want: Refused(400, code)}}, Case{
			Given: []Given{func(s *Scene) { s.Must(right.put(s, s.Key("control"))) }},
			When: func(s *Scene) client.Call {
				call := u.put(s, s.Key("a"))
				call.Fresh = true
				return call
			},
			After: []After{missing("a")},
		})
	}
	wrong("unannounced", "refuses a trailer that was not announced", "S3-CHUNK-12", "MalformedTrailerError", func(u *stream) {
		u.head = func(r *wire.Request) { r.Fields.Del(amzTrailer) }
	})
	wrong("another", "refuses another trailer than was announced", "S3-CHUNK-13", "MalformedTrailerError", func(u *stream) {
		u.names, u.trailers = "x-amz-checksum-crc32", []wire.Field{sumField("SHA1", sumsOfDigits["SHA1"])}
	})
	wrong("form", "refuses a trailing checksum that is no base64", "S3-CHUNK-14", "InvalidRequest", func(u *stream) {
		u.trailers = []wire.Field{sumField("CRC64NVME", "invalid_checksum")}
	})
	wrong("other", "refuses the trailing checksum of other data", "S3-CHUNK-15", "BadDigest", func(u *stream) {
		u.trailers = []wire.Field{sumField("CRC32", sumsOfOthers["CRC32"])}
	})
	wrong("no-checksum", "refuses an announcement of anything but a checksum", "S3-CHUNK-16", "InvalidRequest", func(u *stream) {
		u.trailers = []wire.Field{Field("x-amz-meta-a", "b")}
	})
	wrong("both", "refuses a checksum in front and another behind", "S3-CHUNK-17", "InvalidRequest", func(u *stream) {
		u.trailers = []wire.Field{sumField("CRC64NVME", sumsOfDigits["CRC64NVME"])}
		u.head = func(r *wire.Request) { r.Fields.Set("x-amz-checksum-crc32", sumsOfDigits["CRC32"]) }
	})
}

// sumPlan are the fields with which an upload says how it is summed up.
func sumPlan(name, kind string) (fields []wire.Field) {
	if name != "" {
		fields = append(fields, Field("x-amz-checksum-algorithm", name))
	}
	if kind != "" {
		fields = append(fields, Field("x-amz-checksum-type", kind))
	}
	return fields
}

func sumsOfUploads(b *Book) {
	begin := func(name, kind string) func(*Scene) client.Call {
		return func(s *Scene) client.Call { return s.mpBegin("a", sumPlan(name, kind)...) }
	}
	for _, name := range sumNames {
		kind := "COMPOSITE"
		if name == "CRC64NVME" {
			kind = "FULL_OBJECT"
		}
		b.Case("upload/"+lower(name), "answers how an upload with "+name+" is summed up", By{
			"s3": {Clauses: "S3-CKS-11", Want: Shown().Field("x-amz-checksum-algorithm", name).Field("x-amz-checksum-type", kind)},
		}, Case{When: begin(name, "")})
	}
	for _, c := range []struct{ name, text, clause, algorithm, kind string }{
		{"whole-sha1", "refuses to sum up all of an upload with SHA1", "S3-CKS-12", "SHA1", "FULL_OBJECT"},
		{"whole-sha256", "refuses to sum up all of an upload with SHA256", "S3-CKS-12", "SHA256", "FULL_OBJECT"},
		{"composite-crc64nvme", "refuses a CRC64NVME of checksums", "S3-CKS-13", "CRC64NVME", "COMPOSITE"},
		{"unknown", "refuses a checksum that there is not", "S3-CKS-14", "TEST", ""},
		{"type-alone", "refuses a type without a checksum", "S3-CKS-15", "", "COMPOSITE"},
	} {
		b.Case("upload/"+c.name, c.text, By{
			"s3": {Clauses: c.clause, Want: Refused(400, "InvalidRequest")},
		}, Case{When: begin(c.algorithm, c.kind)})
	}
}
