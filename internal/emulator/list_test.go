package emulator

import (
	"encoding/xml"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"objectharness/internal/emulator/store"
)

// filled is a bucket with an object at each key.
func filled(t testing.TB, keys []string) *store.Bucket {
	t.Helper()
	b, err := store.New().Create(&store.Bucket{Name: "b"})
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range keys {
		if err := b.Update(k, func(*store.Object) (*store.Object, error) { return &store.Object{}, nil }); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

// modelled is what a listing without pages comes to, worked out from all keys.
func modelled(keys []string, prefix, delimiter string) []string {
	keys = slices.Clone(keys)
	slices.Sort(keys)
	var names []string
	for _, k := range slices.Compact(keys) {
		rest, ok := strings.CutPrefix(k, prefix)
		if !ok {
			continue
		}
		if head, _, folds := strings.Cut(rest, delimiter); folds && delimiter != "" {
			k = prefix + head + delimiter
		}
		if len(names) == 0 || names[len(names)-1] != k {
			names = append(names, k)
		}
	}
	return names
}

// joined reads a listing page by page and checks what every page must be.
func joined(t testing.TB, b *store.Bucket, l lookup) []string {
	t.Helper()
	var names []string
	for {
		p := l.page(b, "")
		for _, e := range p.entries {
			names = append(names, e.name)
		}
		switch {
		case len(p.entries) > l.max:
			t.Fatalf("%+v: a page of %d entries", l, len(p.entries))
		case p.next == "":
			return names
		case len(p.entries) < l.max:
			t.Fatalf("%+v: a page of %d entries, and more behind it", l, len(p.entries))
		}
		l.after = p.last()
	}
}

// TestPagesJoin draws sets of keys, prefixes, delimiters and sizes: the pages
// join to what the model says, in byte order.
func TestPagesJoin(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	text := func(most int) string {
		var s strings.Builder
		for range rnd.IntN(most + 1) {
			s.WriteString([]string{"a", "b", "/", "//", "-", "é", "中", "\xff", "\x00", "B"}[rnd.IntN(10)])
		}
		return s.String()
	}
	for range 3000 {
		keys := make([]string, rnd.IntN(40))
		for i := range keys {
			keys[i] = text(5) + "."
		}
		b := filled(t, keys)
		l := lookup{prefix: text(2), delimiter: text(1), max: 1 + rnd.IntN(6)}
		want := modelled(keys, l.prefix, l.delimiter)
		if got := joined(t, b, l); !slices.Equal(got, want) {
			t.Fatalf("%q with %+v: got %q, want %q", keys, l, got, want)
		}
		l.after, l.max = text(4), 1000
		behindIt := slices.DeleteFunc(want, func(name string) bool {
			return name <= l.after || l.delimiter != "" && strings.HasPrefix(l.after, name) && strings.HasSuffix(name, l.delimiter)
		})
		if got := joined(t, b, l); !slices.Equal(got, behindIt) {
			t.Fatalf("%q with %+v: got %q, want %q", keys, l, got, behindIt)
		}
	}
}

// TestTenThousandKeysInEverySize pages 10,000 keys in every size that a request
// can ask for, and in some of them with a delimiter.
func TestTenThousandKeysInEverySize(t *testing.T) {
	const n, most = 10_000, 1000
	var keys []string
	for i := range n {
		key := fmt.Sprintf("k%05d", i*7919%n)
		if i%2 == 0 {
			key = fmt.Sprintf("k%05d/%d", i/25*25, i)
		}
		keys = append(keys, key)
	}
	b := filled(t, keys)
	for _, delimiter := range []string{"", "/"} {
		want := modelled(keys, "k", delimiter)
		for size := 1; size <= most; size++ {
			if size%97 != 1 && (delimiter != "" || testing.Short()) {
				continue
			}
			if got := joined(t, b, lookup{prefix: "k", delimiter: delimiter, max: size}); !slices.Equal(got, want) {
				t.Fatalf("pages of %d with delimiter %q: %d names, want %d", size, delimiter, len(got), len(want))
			}
		}
	}
}

// TestListingWhileWriting lists while others put and remove: what stays is there
// exactly once, in order.
func TestListingWhileWriting(t *testing.T) {
	var stay []string
	for i := range 200 {
		stay = append(stay, fmt.Sprintf("k%03d", i))
	}
	b := filled(t, stay)
	stop, stopped := make(chan struct{}), make(chan error)
	go func() {
		rnd := rand.New(rand.NewPCG(5, 6))
		for {
			select {
			case <-stop:
				stopped <- nil
				return
			default:
			}
			key := fmt.Sprintf("k%03d-%d", rnd.IntN(200), rnd.IntN(3))
			if err := b.Update(key, func(old *store.Object) (*store.Object, error) {
				if old != nil {
					return nil, nil
				}
				return &store.Object{}, nil
			}); err != nil {
				stopped <- err
				return
			}
		}
	}()
	for size := 1; size <= 60; size++ {
		names := joined(t, b, lookup{max: size})
		if !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) {
			t.Fatalf("pages of %d are not in order, or repeat a key: %q", size, names)
		}
		names = slices.DeleteFunc(names, func(k string) bool { return strings.Contains(k, "-") })
		if !slices.Equal(names, stay) {
			t.Fatalf("pages of %d: %d of the keys that stay, want %d", size, len(names), len(stay))
		}
	}
	close(stop)
	if err := <-stopped; err != nil {
		t.Fatal(err)
	}
}

// Mistakes give another page somewhere, or no case could notice them.
func TestMistakesOfListingsMatter(t *testing.T) {
	keys := []string{"A", "B", "a", "b", "f", "f.", "f/%/1", "f/a-b-/1", "f/a-b-/2", "f/b/c/1", "f/x y", "f/z", "g/1"}
	b := filled(t, keys)
	lookups := []lookup{{max: 3}, {max: 1000}, {prefix: "f/", max: 1000}, {prefix: "f/", delimiter: "/", max: 2}, {prefix: "f", delimiter: "/", max: 1000},
		{after: "b", max: 2}, {after: "c", max: 2}, {delimiter: "/", after: "f/", max: 2}, {prefix: "f/", delimiter: "b-", max: 9}, {delimiter: "%2F", max: 9}}
	for _, mistake := range listMistakes {
		if !slices.ContainsFunc(lookups, func(l lookup) bool { return l.page(b, mistake).text() != l.page(b, "").text() }) {
			t.Errorf("%s changes no page", mistake)
		}
	}
}

func TestTokens(t *testing.T) {
	for _, after := range []string{"", "a", "a/b c", "中", "\xff\x00", strings.Repeat("k", 1023)} {
		if got, ok := afterToken(token(after)); !ok || got != after {
			t.Errorf("the token of %q leads to %q, %v", after, got, ok)
		}
	}
	for _, text := range []string{"", "abc", "err-token", token("a") + "A", token("a")[1:], strings.ToUpper(token("abc")), "////", "AAAAAA=="} {
		if got, ok := afterToken(text); ok {
			t.Errorf("%q, which nobody issued, leads to %q", text, got)
		}
	}
}

// TestMarkup reads back what XML can carry, and shows what it cannot.
func TestMarkup(t *testing.T) {
	for _, text := range []string{"", "a b", "<&>\"'", "]]>", "\t\r\n", "中é🙂"} {
		var got struct{ Key string }
		body, err := xml.Marshal(struct {
			XMLName xml.Name `xml:"Entry"`
			Key     markup
		}{Key: markup(text)})
		if err == nil {
			err = xml.Unmarshal(body, &got)
		}
		if err != nil || got.Key != text {
			t.Errorf("%q is written as %s and read as %q (%v)", text, body, got.Key, err)
		}
	}
	if got := escapeMarkup("a\x01\x1f\x00b"); got != "a&#x1;&#x1f;&#x;b" && got != "a&#x1;&#x1f;&#x0;b" {
		t.Errorf("control characters are written as %s", got)
	}
}

// FuzzToken reads any text as a token: only one that was issued is one, and it
// is issued for what it leads to.
func FuzzToken(f *testing.F) {
	for _, text := range []string{"", "abc", token("a"), token(""), "CgJiYw--", "AAAA====", token("a") + "="} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if after, ok := afterToken(text); ok && token(after) != text {
			t.Errorf("%q is taken for the token of %q, which is %q", text, after, token(after))
		}
	})
}

// FuzzPage lists with any prefix, marker, delimiter and size: the pages join to
// what the model says.
func FuzzPage(f *testing.F) {
	f.Add("a/b,a/c,b,c/d", "a", "", "/", 1)
	f.Add("a,é,\xff\xff,中", "", "b", "\xff", 2)
	f.Fuzz(func(t *testing.T, list, prefix, after, delimiter string, size int) {
		keys := slices.DeleteFunc(strings.Split(list, ","), func(k string) bool { return k == "" })
		if len(keys) > 64 {
			return
		}
		b := filled(t, keys)
		l := lookup{prefix: prefix, delimiter: delimiter, max: 1 + int(uint(size)%16)}
		want := modelled(keys, prefix, delimiter)
		if got := joined(t, b, l); !slices.Equal(got, want) {
			t.Fatalf("%q with %+v: got %q, want %q", keys, l, got, want)
		}
		l.after = after
		for _, name := range joined(t, b, l) {
			if name <= after || !slices.Contains(want, name) {
				t.Fatalf("%q with %+v: %q", keys, l, name)
			}
		}
	})
}
