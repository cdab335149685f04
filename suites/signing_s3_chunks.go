package suites

import (
	"crypto/md5"
	"encoding/base64"
	"slices"
	"strings"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// crc32OfHello is the CRC-32 of the five bytes that the example of the document
// uploads, in base64.
const crc32OfHello = "NhCmhg=="

// small is an upload of ten bytes in one signed chunk.
var small = stream{word: signedChunks, sizes: []int{10}}

// two is an upload in two chunks, the first as small as it may be.
var two = stream{word: signedChunks, sizes: []int{8192, 100}}

// streams stores an upload and reads it back.
func (b *Book) streams(name, text string, row Row, u stream, change func(*client.Call)) {
	b.Case("chunks/"+name, text, By{"s3": row}, Case{
		When: func(s *Scene) client.Call {
			call := u.put(s, s.Key("a"))
			if change != nil {
				change(&call)
			}
			return call
		},
		After: []After{reads("a", u.data())},
	})
}

// s3Chunks is that chunked uploads are taken apart.
func s3Chunks(b *Book) {
	ok := func(clauses string) Row { return Row{Clauses: clauses, Want: Want{Status: 2}} }
	b.streams("example", "stores the 66560 bytes of the published example", ok("S3-CHUNK-01"), stream{word: signedChunks, sizes: []int{65536, 1024}}, nil)
	b.streams("least-chunk", "stores chunks of the least size", ok("S3-CHUNK-01"), two, nil)
	b.streams("nothing", "stores nothing out of the closing chunk alone", ok("S3-CHUNK-01"), stream{word: signedChunks}, nil)
	b.streams("transfer-encoding", "takes chunks within chunks of HTTP", ok("S3-CHUNK-20"), two, func(c *client.Call) {
		c.Framing, c.Fresh = wire.Chunked, true
	})
	b.Case("chunks/decoded-length", "has the length of the data, without the framing", By{
		"s3": {Clauses: "S3-CHUNK-03", Want: Shown().Field("Content-Length", "10"), Rests: "S3-OBJ-20"},
	}, Case{
		Given: []Given{func(s *Scene) { s.Must(small.put(s, s.Key("a"))) }},
		When:  func(s *Scene) client.Call { return s.Head(s.Key("a")) },
	})
	s3ChunkTexts(b)
}

// s3ChunkTexts is what the signature of a chunk is made of.
func s3ChunkTexts(b *Book) {
	for _, c := range []struct {
		name, text string
		change     func(kind string, lines []string) []string
	}{
		{"chained", "chains each chunk to the one before it", func(_ string, l []string) []string { l[2] = emptySHA256; return l }},
		{"empty-hash", "signs the hash of nothing before that of the data", func(_ string, l []string) []string { return slices.Delete(l, 3, 4) }},
		{"algorithm", "signs the name of the chunks' own algorithm", func(_ string, l []string) []string { l[0] = "AWS4-HMAC-SHA256"; return l }},
		{"scope", "signs time and scope", func(_ string, l []string) []string { return slices.Delete(l, 1, 2) }},
	} {
		other := two
		other.lines = c.change
		b.streamContrast("text-"+c.name, c.text, "S3-CHUNK-02", two, other, Refused(403, "SignatureDoesNotMatch"))
	}
}

// streamContrast holds the right upload against a wrong one.
func (b *Book) streamContrast(name, text, clause string, right, other stream, want Want) {
	b.Case("chunks/"+name, text, By{"s3": {Clauses: clause, Want: want}}, Case{
		Given: []Given{func(s *Scene) { s.Must(right.put(s, s.Key("control"))) }},
		When: func(s *Scene) client.Call {
			call := other.put(s, s.Key("a"))
			call.Fresh = true // what is left of the body must not meet the next request
			return call
		},
		After: []After{missing("a")},
	})
}

// s3ChunkRefusals is how chunks are wrong.
func s3ChunkRefusals(b *Book) {
	broken := func(name, text, clause string, right stream, change func(*stream), want Want) {
		other := right
		change(&other)
		b.streamContrast(name, text, clause, right, other, want)
	}
	hello := stream{word: unsignedChunks, sizes: []int{10}, trailers: []wire.Field{Field("x-amz-checksum-crc32", crc32OfTen)}}
	for name, length := range byName(map[string]string{"missing": "-", "text": "ten", "negative": "-1"}) {
		for kind, right := range byName(map[string]stream{"signed": small, "unsigned": hello}) {
			broken("decoded-length-"+name+"/"+kind, "refuses an upload whose decoded length is missing or no number", "S3-CHUNK-04", right,
				func(u *stream) { u.length = length }, Refused(411, "MissingContentLength"))
		}
	}
	for name, length := range byName(map[string]string{"more": "12", "less": "8"}) {
		for kind, right := range byName(map[string]stream{"signed": small, "unsigned": hello}) {
			broken("decoded-length-"+name+"/"+kind, "refuses an upload that holds more or less than it announced", "S3-CHUNK-05", right,
				func(u *stream) { u.length = length }, Refused(400, "IncompleteBody"))
		}
	}
	mismatch := Refused(403, "SignatureDoesNotMatch")
	for i, name := range []string{"first", "second", "closing"} {
		broken("signature-"+name, "refuses the "+name+" chunk with one byte of its signature changed", "S3-CHUNK-06", two,
			onChunk(i, func(c *chunk) { c.sig = changeAfter("="+c.sig, "=")[1:] }), mismatch)
	}
	broken("data-changed", "refuses a chunk with one byte of its data changed", "S3-CHUNK-06", two,
		onChunk(1, func(c *chunk) { c.data = changeAfter("="+c.data, "=")[1:] }), mismatch)
	broken("chunks-swapped", "refuses chunks in another order than signed", "S3-CHUNK-06", stream{word: signedChunks, sizes: []int{8192, 8192}},
		func(u *stream) {
			u.chunks = func(list []chunk) []chunk { list[0], list[1] = list[1], list[0]; return list }
		}, mismatch)
	s3Framing(b, broken)
	s3SmallChunks(b)
}

// crc32OfTen is the CRC-32 of the ten bytes of the stream small, in base64.
const crc32OfTen = "vsqryg=="

// onChunk changes one chunk after it was signed.
func onChunk(i int, change func(*chunk)) func(*stream) {
	return func(u *stream) {
		u.chunks = func(list []chunk) []chunk {
			change(&list[i])
			return list
		}
	}
}

// s3Framing is how the framing of chunks is broken.
func s3Framing(b *Book, broken func(name, text, clause string, right stream, change func(*stream), want Want)) {
	incomplete := Refused(400, "IncompleteBody")
	broken("separator", "refuses another separator behind the size", "S3-CHUNK-08", two,
		onChunk(0, func(c *chunk) { c.mark = strings.Replace(c.mark, ";", ",", 1) }), incomplete)
	broken("size-text", "refuses a size that is no number", "S3-CHUNK-08", two, onChunk(0, func(c *chunk) { c.size = "2g00" }), incomplete)
	broken("no-end", "refuses a chunk without a line end behind its data", "S3-CHUNK-08", two, onChunk(0, func(c *chunk) { c.end = "xx" }), incomplete)
	cut := func(n int) func(*stream) {
		return func(u *stream) {
			u.chunks = func(list []chunk) []chunk { return list[:n] }
			u.ends = func([]string) []string { return nil }
		}
	}
	broken("cut-after-first", "refuses a body that ends after the first chunk", "S3-CHUNK-09", two, cut(1), incomplete)
	broken("cut-before-closing", "refuses a body without the closing chunk", "S3-CHUNK-09", two, cut(2), incomplete)
	broken("cut-in-data", "refuses a body that ends in the middle of a chunk", "S3-CHUNK-09", two, func(u *stream) {
		cut(2)(u)
		whole := u.chunks
		u.chunks = func(list []chunk) []chunk {
			list = whole(list)
			list[1].data, list[1].end = list[1].data[:50], ""
			return list
		}
	}, incomplete)
}

// s3SmallChunks is the least size of chunks.
func s3SmallChunks(b *Book) {
	small := func(chunk, size string) Want {
		return Refused(403, "InvalidChunkSizeError").Content(shownElements{"Chunk": chunk, "BadChunkSize": size}.all())
	}
	b.streamContrast("too-small", "refuses a chunk below 8192 bytes that is not the last", "S3-CHUNK-07", two,
		stream{word: signedChunks, sizes: []int{8192, 10, 100}}, small("3", "10"))
	b.streamContrast("too-small-by-one", "refuses a chunk of 8191 bytes that is not the last", "S3-CHUNK-07", two,
		stream{word: signedChunks, sizes: []int{8191, 100}}, small("2", "8191"))
}

// s3Trailers is what follows the closing chunk.
func s3Trailers(b *Book) {
	sums := []wire.Field{Field("x-amz-checksum-crc32", crc32OfHello)}
	hello := func(word string) stream { return stream{word: word, sizes: []int{5}, trailers: sums, text: "hello"} }
	for name, word := range byName(map[string]string{"unsigned": unsignedChunks, "signed": signedTrailer}) {
		clause := map[string]string{"unsigned": "S3-CHUNK-10", "signed": "S3-CHUNK-11"}[name]
		row := Row{Clauses: clause, Want: Want{Status: 2}}
		if name == "unsigned" {
			row.Want = row.Want.Field("x-amz-checksum-crc32", crc32OfHello)
		}
		b.streams(name+"-trailer", "stores an upload with an "+name+" trailer", row, hello(word), nil)
	}
	for _, c := range []struct {
		name, text string
		change     func(*stream)
	}{
		{"signature", "refuses trailers with one byte of their signature changed", func(u *stream) {
			u.ends = func(lines []string) []string { lines[1] = changeAfter(lines[1], ":"); return lines }
		}},
		{"hash", "signs the hash of the trailers", onTrailerText(func(l []string) []string { l[3] = emptySHA256; return l })},
		{"chained", "chains the trailers to the closing chunk", onTrailerText(func(l []string) []string { l[2] = emptySHA256; return l })},
		{"algorithm", "signs the name of the trailers' own algorithm", onTrailerText(func(l []string) []string { l[0] = "AWS4-HMAC-SHA256-PAYLOAD"; return l })},
	} {
		other := hello(signedTrailer)
		c.change(&other)
		b.streamContrast("trailer-"+c.name, c.text, "S3-CHUNK-11", hello(signedTrailer), other, Refused(403, "SignatureDoesNotMatch"))
	}
}

// onTrailerText changes the string to sign of the trailers.
func onTrailerText(change func([]string) []string) func(*stream) {
	return func(u *stream) {
		u.lines = func(kind string, lines []string) []string {
			if strings.HasSuffix(kind, "TRAILER") {
				return change(lines)
			}
			return lines
		}
	}
}

// s3Stored is what of the chunks' own fields is kept, and where chunks belong.
func s3Stored(b *Book) {
	for _, c := range []struct {
		name, text, encoding string
		want                 any
	}{{"encoding-none", "keeps no Content-Encoding of aws-chunked alone", "", Absent},
		{"encoding-gzip", "keeps the Content-Encoding behind aws-chunked", "gzip", "gzip"}} {
		u := small
		u.encoding = c.encoding
		b.Case("chunks/"+c.name, c.text, By{"s3": {Clauses: "S3-CHUNK-19", Want: Shown().Field("Content-Encoding", c.want), Rests: "S3-OBJ-15"}}, Case{
			Given: []Given{func(s *Scene) { s.Must(u.put(s, s.Key("a"))) }},
			When:  func(s *Scene) client.Call { return s.Head(s.Key("a")) },
		})
	}
	b.Case("chunks/configuration", "refuses chunks for the configuration of a bucket", By{
		"s3": answered("S3-CHUNK-18", 400, "InvalidRequest"),
	}, Case{When: func(s *Scene) client.Call {
		tags := "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>"
		call := stream{word: unsignedChunks, sizes: []int{len(tags)}, text: tags, names: "x-amz-checksum-crc32"}.put(s, "")
		call.Query = []wire.Param{{Name: "tagging", Bare: true}}
		digest := md5.Sum([]byte(tags)) // the document has to have one
		call.Fields = append(call.Fields, Field("Content-MD5", base64.StdEncoding.EncodeToString(digest[:])))
		return call
	}})
}
