package suites

import (
	"slices"
	"testing"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

func listingOf(t *testing.T, body string) *listed {
	t.Helper()
	got, err := readListing(&client.Reply{Reply: &wire.Reply{Status: 200, Body: []byte(body)}})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// Servers write a blank of an encoded key as + or as %20: both are the same key.
// Without an encoding a plus sign is one.
func TestBothBlanksOfEncodedKeys(t *testing.T) {
	for _, c := range []struct{ body, key string }{
		{"<R><EncodingType>url</EncodingType><Contents><Key>a+b%2Bc</Key></Contents></R>", "a b+c"},
		{"<R><EncodingType>url</EncodingType><Contents><Key>a%20b%2Bc</Key></Contents></R>", "a b+c"},
		{"<R><Contents><Key>a+b%20c</Key></Contents></R>", "a+b%20c"},
	} {
		if got := listingOf(t, c.body).keys(); !slices.Equal(got, []string{c.key}) {
			t.Errorf("%s: got %q, want %q", c.body, got, c.key)
		}
	}
}

// Which letters stay as they are is a server's own affair, where every reader reads
// the same key: a dollar sign may, a bar, which no URL may hold, may not.
func TestEscapedTexts(t *testing.T) {
	for text, want := range map[string]bool{"a*!$b": true, "a%2A%21%24b": true, "a|b": false, "a b": false, "a%2": false} {
		if got := escapedText.MatchString(text); got != want {
			t.Errorf("%q counts as escaped: %t, want %t", text, got, want)
		}
	}
}

// What leads to the next page is the server's own affair: a walk sends it back as
// it came, even where it names no key.
func TestMarkersAreSentBack(t *testing.T) {
	const opaque = "a/[minio_cache:v2,return:]"
	s := &Scene{W: wordsOf["s3"]}
	v1 := listingOf(t, "<R><IsTruncated>true</IsTruncated><Contents><Key>a</Key></Contents><NextMarker>"+opaque+"</NextMarker></R>")
	v2 := listingOf(t, "<R><IsTruncated>true</IsTruncated><Contents><Key>a</Key></Contents><NextContinuationToken>"+opaque+"</NextContinuationToken></R>")
	bare := listingOf(t, "<R><IsTruncated>true</IsTruncated><Contents><Key>a</Key></Contents></R>")
	for _, c := range []struct {
		walk walk
		got  *listed
		next string
	}{{walk{delimiter: "/"}, v1, opaque}, {walk{v2: true}, v2, opaque}, {walk{}, bare, "a"}} {
		if next := c.walk.next(s, c.got); next != c.next {
			t.Errorf("%+v: goes on at %q, want %q", c.walk, next, c.next)
		}
	}
}

// An ID of a target may hold what stands for a prefix in our own texts: radosgw's
// uploads are called 2~….
func TestIDsKeepTheirTildes(t *testing.T) {
	s := &Scene{Subject: &Subject{Run: "run"}, Case: &Case{ID: "s3/multipart/parts"}}
	call := s.listing("uploads&key-marker=~a&upload-id-marker=2~b")
	for _, p := range call.Query {
		want := map[string]string{"uploads": "", "key-marker": "run/multipart/parts/a", "upload-id-marker": "2~b", "prefix": "run/multipart/parts/"}[p.Name]
		if p.Value != want {
			t.Errorf("%s is %q, want %q", p.Name, p.Value, want)
		}
	}
	told := listingOf(t, "<R><UploadId>2~b</UploadId><KeyMarker>run/multipart/parts/a</KeyMarker></R>")
	if flaws := (look{is: map[string]string{"UploadId": "2~b", "KeyMarker": "~a"}}).members(s, told); len(flaws) > 0 {
		t.Errorf("what came as it was sent is %v", flaws)
	}
}

// A server may say of an entry of a list that it was no delete marker, or leave
// that out: both are the same.
func TestNoDeleteMarkerMayBeSaid(t *testing.T) {
	for _, c := range []struct {
		said, marker string
		flaws        int
	}{
		{"", "", 0},
		{"<DeleteMarker>false</DeleteMarker>", "", 0},
		{"<DeleteMarker>true</DeleteMarker>", "", 1},
		{"<DeleteMarker>false</DeleteMarker><DeleteMarkerVersionId>1</DeleteMarkerVersionId>", "=1", 1},
		{"<DeleteMarker>true</DeleteMarker><DeleteMarkerVersionId>1</DeleteMarkerVersionId>", "=1", 0},
	} {
		r := replied("POST", 200, "", "<R><Deleted><Key>k</Key>"+c.said+"<VersionId>1</VersionId></Deleted></R>")
		if got := versionsDoomed("=1", c.marker)(&Scene{}, r); len(got) != c.flaws {
			t.Errorf("%s, marker %q: got %v, want %d flaws", c.said, c.marker, got, c.flaws)
		}
	}
}
