package emulator

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"objectharness/internal/emulator/store"
)

// begunAll is a bucket with an upload of each key; their IDs grow.
func begunAll(t testing.TB, keys []string) *store.Bucket {
	t.Helper()
	b, err := store.New().Create(&store.Bucket{Name: "b"})
	if err != nil {
		t.Fatal(err)
	}
	for i, k := range keys {
		if err := b.Begin(&store.Upload{Key: k, ID: fmt.Sprintf("%04d", i), Object: &store.Object{}}); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

// modelledUploads is what a list without pages comes to: key and ID of uploads,
// and common prefixes.
func modelledUploads(keys []string, prefix, delimiter string) (all []string) {
	order := make([]int, len(keys))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return strings.Compare(keys[a], keys[b]) })
	for _, i := range order {
		if !strings.HasPrefix(keys[i], prefix) {
			continue
		}
		text := fmt.Sprintf("%q %04d", keys[i], i)
		if group, ok := commonPrefix(keys[i], prefix, delimiter); ok {
			text = fmt.Sprintf("%q ", group)
		}
		if len(all) == 0 || all[len(all)-1] != text {
			all = append(all, text)
		}
	}
	return all
}

// joinedUploads reads a list page by page and checks what every page must be.
func joinedUploads(t testing.TB, b *store.Bucket, l uploadLookup) (all []string) {
	t.Helper()
	for {
		p := l.page(b, "")
		for _, e := range p.entries {
			all = append(all, fmt.Sprintf("%q %s", e.name, e.id()))
		}
		switch {
		case len(p.entries) > l.max, p.more && len(p.entries) < l.max:
			t.Fatalf("%+v: a page of %d entries, more: %v", l, len(p.entries), p.more)
		case !p.more:
			return all
		}
		last := p.entries[len(p.entries)-1]
		l.after, l.afterID = last.name, last.id()
	}
}

// TestUploadPagesJoin draws keys, several of them with more than one upload,
// prefixes, delimiters and sizes: the pages join to what the model says.
func TestUploadPagesJoin(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 8))
	text := func(most int) string {
		var s strings.Builder
		for range rnd.IntN(most + 1) {
			s.WriteString([]string{"a", "b", "/", "-", "é", "\xff", "\x00", "B"}[rnd.IntN(8)])
		}
		return s.String()
	}
	for range 2000 {
		keys := make([]string, rnd.IntN(30))
		for i := range keys {
			keys[i] = text(3) + "."
		}
		l := uploadLookup{lookup: lookup{prefix: text(2), delimiter: text(1), max: 1 + rnd.IntN(6)}}
		want := modelledUploads(keys, l.prefix, l.delimiter)
		if got := joinedUploads(t, begunAll(t, keys), l); !slices.Equal(got, want) {
			t.Fatalf("%q with %+v: got %q, want %q", keys, l, got, want)
		}
	}
}

// FuzzUploadPage lists with any prefix, delimiter and size: the pages join to
// what the model says.
func FuzzUploadPage(f *testing.F) {
	f.Add("a/b,a/c,b,b,c/d", "a", "/", 1)
	f.Add("a,é,\xff\xff,\x00,a\x00", "", "\xff", 2)
	f.Fuzz(func(t *testing.T, list, prefix, delimiter string, size int) {
		keys := slices.DeleteFunc(strings.Split(list, ","), func(k string) bool { return k == "" })
		if len(keys) > 64 {
			return
		}
		l := uploadLookup{lookup: lookup{prefix: prefix, delimiter: delimiter, max: 1 + int(uint(size)%16)}}
		want := modelledUploads(keys, prefix, delimiter)
		if got := joinedUploads(t, begunAll(t, keys), l); !slices.Equal(got, want) {
			t.Fatalf("%q with %+v: got %q, want %q", keys, l, got, want)
		}
	})
}

// TestPartPagesJoin reads the parts of an upload in pages of every size.
func TestPartPagesJoin(t *testing.T) {
	u := &store.Upload{}
	var want []int
	for n := 1; n <= 60; n += 1 + n%3 {
		u.Parts = append(u.Parts, &store.Part{Number: n, Blob: &store.Blob{}})
		want = append(want, n)
	}
	for size := 1; size <= len(want)+1; size++ {
		var got []int
		for l, more := (partLookup{max: size}), true; more; {
			p := l.page(u, "")
			for _, part := range p.parts {
				got = append(got, part.Number)
			}
			l.after, more = p.last(), p.more
			if len(p.parts) > size || len(p.parts) == 0 {
				t.Fatalf("pages of %d: one of %d", size, len(p.parts))
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("pages of %d: got %v, want %v", size, got, want)
		}
	}
}
