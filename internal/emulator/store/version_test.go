package store

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// version puts an object with an ID, mark a delete marker; without removes a
// version for good.
func version(s *Store, bucket, key, id, body string) func() error {
	return in(s, bucket, func(b *Bucket) error {
		o := plain(body)
		o.Version = id
		return b.Update(key, func(*Object) (*Object, error) { return o, nil })
	})
}

func mark(s *Store, bucket, key, id string) func() error {
	return in(s, bucket, func(b *Bucket) error {
		return b.Update(key, func(*Object) (*Object, error) { return &Object{Version: id, Marker: true, Modified: at}, nil })
	})
}

func without(s *Store, bucket, key, id string) func() error {
	return in(s, bucket, func(b *Bucket) error {
		return b.UpdateVersion(key, id, func(*Object) (*Object, error) { return nil, nil })
	})
}

// versions are the IDs at every key from one on, newest first, markers with an
// exclamation mark.
func versions(b *Bucket, from string) string {
	var all []string
	b.WalkVersions(from, func(versions []*Object) (string, bool) {
		text := versions[0].Key + ":"
		for _, o := range versions {
			text += " " + o.Version + map[bool]string{true: "!", false: "."}[o.Marker]
		}
		all = append(all, text)
		return "", true
	})
	return strings.Join(all, "; ")
}

// A key keeps its versions in the order in which they came; what there is to
// read is the newest, unless that is a delete marker. In memory and on disk, and
// there again after it was opened.
func TestVersions(t *testing.T) {
	dir := t.TempDir()
	kept := reopen(t, dir)
	for _, s := range []*Store{New(), kept} {
		b := create(t, s, "b")
		for i, step := range []struct {
			change    func() error
			all, read string
		}{
			{version(s, "b", "k", "", "null"), "k: .", "null"},
			{version(s, "b", "k", "1", "one"), "k: 1. .", "one"},
			{version(s, "b", "k", "2", "two"), "k: 2. 1. .", "two"},
			{version(s, "b", "k", "", "other"), "k: . 2. 1.", "other"},
			{mark(s, "b", "k", ""), "k: ! 2. 1.", ""},
			{version(s, "b", "k", "", "third"), "k: . 2. 1.", "third"},
			{mark(s, "b", "k", "3"), "k: 3! . 2. 1.", ""},
			{mark(s, "b", "k", "4"), "k: 4! 3! . 2. 1.", ""},
			{without(s, "b", "k", "4"), "k: 3! . 2. 1.", ""},
			{without(s, "b", "k", "2"), "k: 3! . 1.", ""},
			{without(s, "b", "k", "3"), "k: . 1.", "third"},
			{without(s, "b", "k", ""), "k: 1.", "one"},
			{mark(s, "b", "j", "5"), "j: 5!; k: 1.", "one"},
			{version(s, "b", "k", "6", "six"), "j: 5!; k: 6. 1.", "six"},
		} {
			must(t, step.change)
			if got := versions(b, ""); got != step.all {
				t.Errorf("step %d: got %s want %s", i, got, step.all)
			}
			checkReadable(t, b, step.read)
		}
		if b.Len() != 1 || b.Empty() || s.Delete("b") == nil {
			t.Errorf("%d objects", b.Len())
		}
	}
	kept.Close()
	s := reopen(t, dir)
	if got := versions(s.Bucket("b"), ""); got != "j: 5!; k: 6. 1." {
		t.Errorf("opened again: %s", got)
	}
	must(t, without(s, "b", "j", "5"), without(s, "b", "k", "6"), without(s, "b", "k", "1"), func() error { return s.Delete("b") })
}

func checkReadable(t *testing.T, b *Bucket, want string) {
	t.Helper()
	o := b.Get("k")
	if (o == nil) != (want == "") || o != nil && o.Size != int64(len(want)) {
		t.Errorf("reads %v, want %q", o, want)
	}
	n := 0
	b.Scan("", func(*Object) bool { n++; return true })
	if n != b.Len() || n > 1 {
		t.Errorf("lists %d objects of %d", n, b.Len())
	}
}

// A version that is changed keeps its ID and its place.
func TestUpdateVersion(t *testing.T) {
	s := New()
	b := create(t, s, "b")
	must(t, version(s, "b", "k", "1", "one"), version(s, "b", "k", "2", "two"), mark(s, "b", "k", "3"))
	for _, id := range []string{"1", "2", "3"} {
		if err := b.UpdateVersion("k", id, func(old *Object) (*Object, error) {
			made := *old
			made.ACL = "changed"
			return &made, nil
		}); err != nil || b.Version("k", id).ACL != "changed" {
			t.Errorf("version %s: %v, %v", id, b.Version("k", id), err)
		}
	}
	if got := versions(b, ""); got != "k: 3! 2. 1." || b.Newest("k").Version != "3" || b.Get("k") != nil || b.Version("k", "4") != nil {
		t.Error(got)
	}
}

// A walk goes through keys with and without history in byte order, and seeks.
func TestWalkVersions(t *testing.T) {
	s := New()
	b := create(t, s, "b")
	var want []string
	for i := range 30 {
		key := fmt.Sprintf("%02d", i)
		must(t, version(s, "b", key, "a", "x"))
		if i%2 == 0 {
			must(t, version(s, "b", key, "b", "x"))
		}
		if i%3 == 0 {
			must(t, mark(s, "b", key, "c"))
		}
		if i%4 != 1 {
			want = append(want, key)
		}
	}
	var got []string
	b.WalkVersions("", func(versions []*Object) (string, bool) {
		n := 1
		i, err := strconv.Atoi(versions[0].Key)
		if err != nil || len(got) > 30 {
			t.Fatalf("%d keys, %v", len(got), err)
		}
		if i%2 == 0 {
			n++
		}
		if i%3 == 0 {
			n++
		}
		if len(versions) != n {
			t.Errorf("%s: %d versions, want %d", versions[0].Key, len(versions), n)
		}
		got = append(got, versions[0].Key)
		if i%4 == 0 {
			return fmt.Sprintf("%02d", i+2), true
		}
		return "", true
	})
	if !slices.Equal(got, want) {
		t.Errorf("got %v want %v", got, want)
	}
}
