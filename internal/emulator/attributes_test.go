package emulator

import (
	"encoding/xml"
	"strings"
	"testing"

	"objectharness/internal/dialect/s3"
	"objectharness/internal/emulator/store"
	"objectharness/internal/wire"
)

// summedParts is a call about an object, and an upload, of three parts that are
// summed up with CRC32.
func summedParts(t *testing.T, fields ...wire.Field) (*call, *store.Object, *store.Upload) {
	t.Helper()
	e, err := New(s3.New(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	c := &call{e: e, in: &wire.Inbound{Request: &wire.Request{Method: "GET", Fields: fields}}}
	o := &store.Object{Kind: madeOfParts, Extra: map[string]string{sumPlan: "CRC32 COMPOSITE", sumKept: "CRC32 Wfhbdw==-3 COMPOSITE"}}
	u := &store.Upload{Object: o}
	for i, text := range []string{"one", "two", "three"} {
		b := store.NewBlob([]byte(text))
		o.Blobs, o.Size = append(o.Blobs, b), o.Size+b.Size
		u.Parts = append(u.Parts, &store.Part{Number: i + 1, Blob: b})
	}
	return c, o, u
}

func markupOf(t *testing.T, v any) string {
	t.Helper()
	text, err := xml.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestAttributesTellTheChecksumsOfParts(t *testing.T) {
	c, o, _ := summedParts(t, wire.Field{Name: "x-amz-max-parts", Value: "1"}, wire.Field{Name: "x-amz-part-number-marker", Value: "1"})
	got := markupOf(t, c.attributeParts(o))
	want := "<PartsCount>3</PartsCount><PartNumberMarker>1</PartNumberMarker><NextPartNumberMarker>2</NextPartNumberMarker><MaxParts>1</MaxParts>" +
		"<IsTruncated>true</IsTruncated><Part><PartNumber>2</PartNumber><Size>3</Size><ChecksumCRC32>EcqKZg==</ChecksumCRC32></Part>"
	if !strings.Contains(got, want) {
		t.Errorf("got %s, want %s in it", got, want)
	}
	o.Extra = nil
	if got := markupOf(t, c.attributeParts(o)); !strings.Contains(got, "<PartsCount>3</PartsCount></") {
		t.Errorf("got %s, want the number of parts alone where nobody asked for checksums", got)
	}
}

func TestListsOfPartsTellTheirChecksums(t *testing.T) {
	c, _, u := summedParts(t)
	got := markupOf(t, c.partDocument(u, partLookup{max: 1000}, partPage{parts: u.Parts}))
	for _, want := range []string{"<ChecksumAlgorithm>CRC32</ChecksumAlgorithm><ChecksumType>COMPOSITE</ChecksumType>",
		"<ChecksumCRC32>emyG8Q==</ChecksumCRC32>", "<ChecksumCRC32>EcqKZg==</ChecksumCRC32>", "<ChecksumCRC32>RsXY9Q==</ChecksumCRC32>"} {
		if !strings.Contains(got, want) {
			t.Errorf("got %s, want %s in it", got, want)
		}
	}
}
