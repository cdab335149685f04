package suites

import (
	"objectharness/internal/client"
)

// The MD5 of 0123456789 in base64, and other things that stand in its place.
const (
	md5Digits = "eB5eJF1ptWaXm4bijSPyxw=="
	md5Nine   = "JfnnlDI7RTiF9RgfG2JNCw=="                     // of 123456789
	md5OfHex  = "NzgxZTVlMjQ1ZDY5YjU2Njk3OWI4NmUyOGQyM2YyYzc=" // base64 of the digits of the first
)

func putDigests(b *Book) {
	b.Case("put/content-md5/right", "stores a body that is the one of Content-MD5", By{
		"oss": {Clauses: "OSS-PUT-31 OSS-HDR-12", Want: Accepted(200)},
		"bos": {Clauses: "BOS-PUT-12", Want: Accepted(200)},
	}, storing("0123456789", Field("Content-MD5", md5Digits)))
	b.Case("put/content-md5/right-sample", "stores the body of the document's sample with its Content-MD5", By{
		"cos": {Clauses: "COS-MD5-01", Want: Accepted(200).Field("ETag", `"b62e10bcab55a88240bd9c436cffdcf9"`)},
	}, storing("exampleobject", Field("Content-MD5", "ti4QvKtVqIJAvZxDbP/c+Q==")))
	b.Case("put/content-md5/wrong", "refuses a body that is not the one of Content-MD5, and stores nothing", By{
		"oss": {Clauses: "OSS-PUT-32", Want: Refused(400, "InvalidDigest")},
		"cos": {Clauses: "COS-XPUT-16", Want: Refused(400, "BadDigest")},
		"bos": {Clauses: "BOS-ERR-09", Want: Refused(400, "BadDigest")},
		"s3": {Clauses: "S3-OBJ-27", Want: Refused(400, "BadDigest").
			With(elements("CalculatedDigest", md5Digits, "ExpectedDigest", "25f9e794323b453885f5181f1b624d0b"))},
	}, refusedPut("0123456789", Field("Content-MD5", md5Nine)))
	b.Case("put/content-md5/other-body", "refuses a body of the same length that is not the one of Content-MD5", By{
		"oss": {Clauses: "OSS-HDR-14", Want: Refused(400, "InvalidDigest")},
	}, refusedPut("a", Field("Content-MD5", "kutf/uauL+w61xx3dTFXjw==")))
	b.Case("put/content-md5/one-letter", "refuses a body that differs in one letter", By{
		"cos": {Clauses: "COS-MD5-02", Want: Refused(400, "BadDigest")},
	}, refusedPut("exampleobjecT", Field("Content-MD5", "ti4QvKtVqIJAvZxDbP/c+Q==")))
	b.Case("put/content-md5/keeps-the-old", "leaves the object that was there when it refuses an upload", By{
		"oss": {Clauses: "OSS-PUT-34", Want: Refused(400, "InvalidDigest")},
		"bos": {Clauses: "BOS-PUT-12", Want: Refused(400, "BadDigest")},
	}, Case{
		Given: []Given{put("k", "A"), snapshot("k")},
		When:  func(s *Scene) client.Call { return s.Put(s.Key("k"), "0123456789", Field("Content-MD5", md5Nine)) },
		After: []After{unchanged("k")},
	})
}

// elements wants an error body to hold elements: name, value, name, value.
func elements(pairs ...string) func(*Scene, *client.Reply) []Flaw {
	return func(_ *Scene, r *client.Reply) (flaws []Flaw) {
		for i := 0; i < len(pairs); i += 2 {
			if got, ok := extra(r, pairs[i]); !ok || got != pairs[i+1] {
				flaws = append(flaws, Flaw{"element " + pairs[i] + " " + pairs[i+1], excerpt(got)})
			}
		}
		return flaws
	}
}

func putBadDigests(b *Book) {
	malformed := func(name, value string, by By) {
		b.Case("put/content-md5/"+name, "refuses a Content-MD5 that is not base64 of 16 bytes", by,
			refusedPut("0123456789", Field("Content-MD5", value)))
	}
	malformed("text", "Invalid-Content-MD5", By{"oss": {Clauses: "OSS-XPUT-09", Want: Refused(400, "InvalidDigest")}})
	malformed("short", "abc", By{
		"oss": {Clauses: "OSS-PUT-33", Want: Refused(400, "InvalidDigest")},
		"cos": {Clauses: "COS-XPUT-17", Want: Refused(400, "InvalidDigest")},
		"bos": {Clauses: "BOS-ERR-12", Want: Refused(400, "InvalidDigest")},
	})
	malformed("of-hex", md5OfHex, By{"oss": {Clauses: "OSS-HDR-13", Want: Refused(400, "InvalidDigest")}})
	malformed("hex", "781e5e245d69b566979b86e28d23f2c7", By{"cos": {Clauses: "COS-MD5-03", Want: Refused(400, "InvalidDigest")}})
	for name, value := range pairsOf("underscores", "__invalid__", "zeros", "000", "short-base64", "MTIz", "long-base64", "dGVzdC1zdHJpbmc=") {
		malformed(name, value, By{"s3": {Clauses: "S3-OBJ-25", Want: Refused(400, "InvalidDigest").With(elements("Content-MD5", value))}})
	}
	malformed("empty", "", By{"s3": {Clauses: "S3-OBJ-26", Want: Refused(400, "InvalidDigest")}})
}

// pairsOf walks over name, value, name, value in order.
func pairsOf(list ...string) func(yield func(name, value string) bool) {
	return func(yield func(string, string) bool) {
		for i := 0; i < len(list) && yield(list[i], list[i+1]); i += 2 {
		}
	}
}

// Digests of 0123456789, and of another text.
const (
	sha256Digits = "84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882"
	sha256A      = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
	crc32Digits  = "2793719750"
	crc32cDigits = "671876766"
)

func putOtherDigests(b *Book) {
	b.Case("put/crc64-given/wrong", "refuses a body that is not the one of the CRC-64 that came with it", By{
		"oss": {Clauses: "OSS-XPUT-13", Want: Refused(400, "InvalidCRC64")},
	}, refusedPut("0123456789", Field("x-oss-hash-crc64ecma", "1")))
	b.Case("put/sha256/right", "stores a body that is the one of the SHA-256 that came with it", By{
		"bos": {Clauses: "BOS-PUT-24", Want: Accepted(200)},
	}, storing("0123456789", Field("x-bce-content-sha256", sha256Digits)))
	b.Case("put/sha256/wrong", "refuses a body that is not the one of the SHA-256 that came with it", By{
		"bos": {Clauses: "BOS-PUT-24 BOS-ERR-10", Want: Refused(400, "BadDigest")},
	}, refusedPut("0123456789", Field("x-bce-content-sha256", sha256A)))
	b.Case("put/crc32/right", "stores a body that is the one of the CRC-32 that came with it, and answers it", By{
		"bos": {Clauses: "BOS-HDR-13", Want: Accepted(200).Field("x-bce-content-crc32", crc32Digits)},
	}, digested("x-bce-content-crc32", crc32Digits, "x-bce-content-crc32", crc32Digits))
	b.Case("put/crc32/wrong", "refuses a body that is not the one of the CRC-32 that came with it", By{
		"bos": {Clauses: "BOS-ERR-11", Want: Refused(400, "BadDigest")},
	}, refusedPut("0123456789", Field("x-bce-content-crc32", "1")))
	b.Case("put/crc32c/right", "stores a body that is the one of the CRC-32C that came with it, and answers it", By{
		"bos": {Clauses: "BOS-HDR-14", Want: Accepted(200).Field("x-bce-content-crc32c", crc32cDigits)},
	}, digested("x-bce-content-crc32c", crc32cDigits, "x-bce-content-crc32c", crc32cDigits))
	b.Case("put/crc32c/asked", "computes a CRC-32C that is asked for", By{
		"bos": {Clauses: "BOS-HDR-15", Want: Shown().Field("x-bce-content-crc32c", crc32cDigits)},
	}, answering("0123456789", Field("x-bce-content-crc32c-flag", "true")))
	b.Case("put/crc32c/not-asked", "computes no CRC-32C for any other value than true", By{
		"bos": {Clauses: "BOS-HDR-15", Want: Shown().Field("x-bce-content-crc32c", Absent)},
	}, answering("0123456789", Field("x-bce-content-crc32c-flag", "false")))
}

// digested is storing with a field of the upload that HEAD shows again.
func digested(name, value, shown, want string) Case {
	c := storing("0123456789", Field(name, value))
	c.After = append(c.After, heads("k", FieldWant{shown, want}))
	return c
}
