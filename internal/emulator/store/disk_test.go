package store

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

var at = time.Date(2026, 3, 1, 12, 0, 0, 123456789, time.UTC)

func reopen(t testing.TB, dir string) *Store {
	t.Helper()
	s, err := Open(dir, "oss", 7)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func create(t testing.TB, s *Store, name string) *Bucket {
	t.Helper()
	b, err := s.Create(&Bucket{Name: name, Created: at, Owner: "1", Region: "r"})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func put(t testing.TB, b *Bucket, key string, o *Object) {
	t.Helper()
	if err := b.Update(key, func(*Object) (*Object, error) { return o, nil }); err != nil {
		t.Fatalf("put %.20q: %v", key, err)
	}
}

func plain(body string) *Object {
	return &Object{Blobs: []*Blob{NewBlob([]byte(body))}, Size: int64(len(body)), Modified: at}
}

// state is all that a store says, as one text a bucket and an object.
func state(t testing.TB, s *Store) map[string]string {
	t.Helper()
	all := map[string]string{}
	for name, b := range s.buckets {
		all[name] = fmt.Sprintf("%q %v %q %q %q", b.Name, b.Created.UTC(), b.Owner, b.Region, b.settings)
		b.Scan("", func(o *Object) bool {
			all[name+"/"+o.Key] = told(t, o)
			return true
		})
		b.WalkVersions("", func(versions []*Object) (string, bool) {
			for i, o := range versions {
				if i == 0 && !o.Marker {
					continue
				}
				all[fmt.Sprintf("%s/%s?%d", name, o.Key, i)] = told(t, o)
			}
			return "", true
		})
		b.ScanUploads("", "", func(u *Upload) bool {
			all[name+"?"+u.Key+" "+u.ID] = toldUpload(t, u)
			return true
		})
	}
	return all
}

func told(t testing.TB, o *Object) string {
	t.Helper()
	h, pieces := crc32.New(castagnoli), ""
	if _, err := io.Copy(h, o.Range(0, o.Size)); err != nil {
		t.Errorf("read %.20q: %v", o.Key, err)
	}
	for _, b := range o.Blobs {
		pieces += fmt.Sprintf(" %d:%x", b.Size, b.Sums)
	}
	c := *o
	c.Blobs, c.Modified = nil, c.Modified.UTC()
	return fmt.Sprintf("%#v %v %x%s", c, c.Modified, h.Sum(nil), pieces)
}

func toldUpload(t testing.TB, u *Upload) string {
	t.Helper()
	all := fmt.Sprintf("%q %q %v %q %q %s", u.Key, u.ID, u.Initiated.UTC(), u.Owner, u.Over, told(t, u.Object))
	for _, p := range u.Parts {
		all += fmt.Sprintf("\n%d %q %v %s", p.Number, p.ETag, p.Modified.UTC(), told(t, &Object{Blobs: []*Blob{p.Blob}, Size: p.Blob.Size}))
	}
	return all
}

func same(t *testing.T, when string, got, want map[string]string) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: got\n%v\nwant\n%v", when, got, want)
	}
}

// everything is an object with no field left out.
func everything(t *testing.T, s *Store) *Object {
	t.Helper()
	big := bytes.Repeat([]byte("0123456789abcdef"), SpillSize/16+9)
	own, err := s.Spool(bytes.NewReader(big), -1)
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := Spool(bytes.NewReader(big[1:]), -1)
	if err != nil {
		t.Fatal(err)
	}
	o := &Object{Key: "k", Blobs: []*Blob{own, NewBlob([]byte("small")), foreign, NewBlob(nil)}, ETag: `A"b`, CRC64: 1<<64 - 1, MD5: []byte{0, 255},
		Modified: at.In(time.FixedZone("", 3600)), Kind: "Appendable", Owner: "o\xff", ACL: "public-read", Upload: "0123", Version: "v\xff",
		Fields: []Pair{{"Content-Type", "a/b"}, {"x-oss-meta-a", "\xe4\x00\xff"}, {"x-oss-meta-a", "base64:nothing"}},
		Extra:  map[string]string{"b": "", "\xff": "x", "a": "<&>\u2028"}}
	for _, b := range o.Blobs {
		o.Size += b.Size
	}
	return o
}

// What is in a store is there after it was closed and opened, in a new place in
// memory: every field of objects and buckets, bodies of several pieces, long and
// short.
func TestDiskKeepsEverything(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "data")
	s := reopen(t, dir)
	b, o := create(t, s, "bucket"), everything(t, s)
	for _, v := range []any{*o, Bucket{Name: b.Name, Created: b.Created, Owner: b.Owner, Region: b.Region}} {
		for i := range reflect.TypeOf(v).NumField() {
			if f := reflect.TypeOf(v).Field(i); f.IsExported() && f.Name != "Marker" && reflect.ValueOf(v).Field(i).IsZero() {
				t.Errorf("%T.%s: not looked at by this test", v, f.Name)
			}
		}
	}
	for name, value := range map[string]string{"acl": "private", "cors": "<\xff>", "gone": "x"} {
		if err := b.Configure(name, value); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Configure("gone", ""); err != nil {
		t.Fatal(err)
	}
	put(t, b, "all", o)
	put(t, b, "empty", &Object{})
	create(t, s, "second")
	want := state(t, s)
	for i, blob := range b.Get("all").Blobs {
		if blob.bytes != nil || blob.file != nil {
			t.Errorf("piece %d is kept in memory or open", i)
		}
	}
	if _, err := Open(dir, "oss", 7); err == nil || !strings.Contains(err.Error(), "no other process") || !strings.Contains(err.Error(), dir) {
		t.Errorf("opened a second time: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := b.Update("late", func(*Object) (*Object, error) { return plain(""), nil }); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: %v, want ErrClosed", err)
	}
	again := reopen(t, dir)
	same(t, "reopened", state(t, again), want)
	if seed, ok, err := SeedOf(dir); seed != 7 || !ok || err != nil {
		t.Errorf("seed %d, %v, %v", seed, ok, err)
	}
}

// Any key has a file of its own, and goes with it.
func TestDiskTakesAnyKey(t *testing.T) {
	var keys []string
	for c := range 256 {
		one := string([]byte{byte(c)})
		keys = append(keys, one, one+"/"+one, strings.Repeat(one, 1024), "x"+strings.Repeat(one, 199))
	}
	keys = append(keys, "..", "../../x", "/etc/passwd", "a//b", "a/", "a.json", "", strings.Repeat("a", 1023)+"b")
	dir := t.TempDir()
	s := reopen(t, dir)
	b := create(t, s, "b")
	for i, key := range keys {
		put(t, b, key, plain(fmt.Sprint(i)))
	}
	want := state(t, s)
	s.Close()
	s = reopen(t, dir)
	same(t, "reopened", state(t, s), want)
	for _, key := range keys {
		put(t, s.Bucket("b"), key, nil)
	}
	if err := s.Delete("b"); err != nil {
		t.Fatal(err)
	}
	s.Close()
	same(t, "all removed", state(t, reopen(t, dir)), map[string]string{})
	for _, sub := range []string{objectsDir, bucketsDir, bodiesDir, tmpDir} {
		if left := files(t, filepath.Join(dir, sub)); len(left) > 0 {
			t.Errorf("left in %s: %v", sub, left)
		}
	}
}

func files(t testing.TB, dir string) map[string]time.Time {
	t.Helper()
	all := map[string]time.Time{}
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		info, err := e.Info()
		if errors.Is(err, os.ErrNotExist) {
			continue // removed meanwhile
		}
		if err != nil {
			t.Fatal(err)
		}
		all[e.Name()] = info.ModTime()
	}
	return all
}

// An append writes its own piece and no other; pieces that two objects share
// stay as long as one of them.
func TestDiskSharesPieces(t *testing.T) {
	dir := t.TempDir()
	s := reopen(t, dir)
	b := create(t, s, "b")
	first := plain("one ")
	put(t, b, "k", first)
	before := files(t, filepath.Join(dir, bodiesDir))
	longer := plain("two")
	longer.Blobs, longer.Size = append(first.Blobs, longer.Blobs...), 7
	put(t, b, "k", longer)
	after := files(t, filepath.Join(dir, bodiesDir))
	for name, time := range before {
		if !after[name].Equal(time) {
			t.Errorf("body %s was written again", name)
		}
	}
	if len(after) != 2 {
		t.Errorf("%d bodies, want 2", len(after))
	}
	copied := *longer
	put(t, b, "copy", &copied)
	put(t, b, "k", nil)
	s.Close()
	s = reopen(t, dir)
	text, err := io.ReadAll(s.Bucket("b").Get("copy").Range(2, 4))
	if string(text) != "e tw" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
}

// An object that was removed can be read to its end by whoever had it; then its
// file goes.
func TestDiskRemovesWhatNobodyReads(t *testing.T) {
	dir := t.TempDir()
	b := create(t, reopen(t, dir), "b")
	put(t, b, "k", plain("body"))
	r := b.Get("k").Range(0, 4)
	put(t, b, "k", nil)
	runtime.GC()
	if text, err := io.ReadAll(r); string(text) != "body" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
	runtime.KeepAlive(r)
	r = nil
	for len(files(t, filepath.Join(dir, bodiesDir))) > 0 { // a test that hangs fails
		runtime.GC()
	}
}

func TestSpoolLeavesNothingOfRefusedBodies(t *testing.T) {
	dir := t.TempDir()
	s := reopen(t, dir)
	if _, err := s.Spool(bytes.NewReader(make([]byte, SpillSize+9)), SpillSize+8); err != ErrTooLarge {
		t.Errorf("%v, want ErrTooLarge", err)
	}
	if left := files(t, filepath.Join(dir, tmpDir)); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// Whatever is wrong in a directory is refused with the name of the file.
func TestOpenRefuses(t *testing.T) {
	object := filepath.Join(objectsDir, "b.json", "k.json")
	truncate := func(dir, name string) error {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		return os.Truncate(filepath.Join(dir, name), info.Size()-1)
	}
	foreign := func(dir, name string) error { return os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600) }
	remove := func(dir, name string) error { return os.RemoveAll(filepath.Join(dir, name)) }
	for _, c := range []struct {
		damage     func(dir, name string) error
		name, says string
	}{
		{truncate, object, "torn"},
		{truncate, filepath.Join(bodiesDir, "*"), "torn"},
		{truncate, filepath.Join(bucketsDir, "b.json"), "torn"},
		{truncate, labelFile, "torn"},
		{func(dir, name string) error { return os.Truncate(filepath.Join(dir, name), 0) }, filepath.Join(bodiesDir, "*"), "foot"},
		{func(dir, name string) error { return os.Truncate(filepath.Join(dir, name), 0) }, object, "begins with"},
		{remove, filepath.Join(bodiesDir, "*"), "no such file"},
		{remove, labelFile, "expected this file"},
		{remove, filepath.Join(bucketsDir, "b.json"), "not empty"},
		{remove, filepath.Join(objectsDir, "b.json"), "no such file"},
		{foreign, "holiday.jpg", "empty directory"},
		{foreign, filepath.Join(tmpDir, "x"), "killed process"},
		{foreign, filepath.Join(bodiesDir, "x"), "bodies of objects"},
		{foreign, filepath.Join(bucketsDir, "x"), "begins with"},
		{foreign, filepath.Join(objectsDir, "b.json", "x"), "begins with"},
		{func(dir, name string) error {
			return os.Rename(filepath.Join(dir, object), filepath.Join(dir, name))
		}, filepath.Join(objectsDir, "b.json", "other.json"), `that of "k"`},
		{func(dir, name string) error {
			text, _ := seal(aBucket, bucketNote{Name: "c"})
			return os.WriteFile(filepath.Join(dir, name), text, 0o600)
		}, filepath.Join(bucketsDir, "b.json"), `that of "c"`},
		{func(dir, name string) error {
			text, _ := seal(anObject, objectNote{Key: "k", Bodies: []string{"../store"}})
			return os.WriteFile(filepath.Join(dir, name), text, 0o600)
		}, object, "no name of a body"},
	} {
		dir := t.TempDir()
		s := reopen(t, dir)
		put(t, create(t, s, "b"), "k", plain("text"))
		s.Close()
		name := c.name
		if strings.HasSuffix(name, "*") {
			for body := range files(t, filepath.Join(dir, bodiesDir)) {
				name = filepath.Join(bodiesDir, body)
			}
		}
		if err := c.damage(dir, name); err != nil {
			t.Fatal(err)
		}
		_, err := Open(dir, "oss", 7)
		if err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), filepath.Base(name)) {
			t.Errorf("%s: %v, want its name and %q", name, err, c.says)
		}
	}
	dir := t.TempDir()
	reopen(t, dir).Close()
	if _, err := Open(dir, "cos", 7); err == nil || !strings.Contains(err.Error(), "expected a store of cos, found one of oss") {
		t.Errorf("another label: %v", err)
	}
}

// A directory that is refused is left as it was.
func TestOpenLeavesForeignDirectoriesAlone(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "holiday.jpg"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, "oss", 7); err == nil {
		t.Error("opened")
	}
	if left := files(t, dir); len(left) != 1 {
		t.Errorf("made %v", left)
	}
}

// FuzzDescription reads whatever stands in a description: it is refused, or
// means the same when it is written again.
func FuzzDescription(f *testing.F) {
	o := plain("")
	o.Blobs[0].kept = &kept{name: "A"}
	o.Key, o.Extra, o.Fields = "\xff", map[string]string{"a": "b"}, []Pair{{"n", "v"}}
	whole, err := describeObject(o)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add(whole[:len(whole)-1])
	f.Add([]byte(`{"Key":"base64:!","Size":-1}`))
	f.Add([]byte(`{"Extra":[{"Name":"a","Value":"1"},{"Name":"a","Value":"2"}],"Modified":"0000-01-01T00:00:00+24:00"}`))
	f.Add([]byte("{}{}"))
	f.Fuzz(func(t *testing.T, p []byte) {
		for _, sealed := range [][]byte{p, append(head(anObject, p), p...)} {
			var n, again objectNote
			if unseal(anObject, sealed, &n) != nil || n.Modified.UTC().Year()&^0xfff != 0 { // years that time writes are others than it reads
				continue
			}
			o := n.object()
			for _, name := range n.Bodies {
				o.Blobs = append(o.Blobs, &Blob{kept: &kept{name: name}})
			}
			text, err := describeObject(o)
			if err != nil {
				t.Fatalf("%q was read and cannot be written: %v", p, err)
			}
			if err := unseal(anObject, text, &again); err != nil || !reflect.DeepEqual(again.object(), n.object()) {
				t.Fatalf("%q became %q: %v", p, text, err)
			}
		}
	})
}

// Readers, writers and removers of a few keys at once: whoever reads gets a
// whole body, and the directory holds in the end what memory does.
func TestDiskAtOnce(t *testing.T) {
	dir := t.TempDir()
	s := reopen(t, dir)
	b := create(t, s, "b")
	var all sync.WaitGroup
	for w := range 4 {
		all.Go(func() {
			for i := range 100 {
				key := fmt.Sprint((w + i) % 3)
				err := b.Update(key, func(old *Object) (*Object, error) {
					if old != nil && i%4 == 0 {
						return nil, nil
					}
					return plain(strings.Repeat(fmt.Sprint(w), 1+i)), nil
				})
				if err != nil {
					t.Error(err)
				}
				if o := b.Get(fmt.Sprint(i % 3)); o != nil {
					if text, err := io.ReadAll(o.Range(0, o.Size)); err != nil || strings.Trim(string(text), string(text[:1])) != "" || int64(len(text)) != o.Size {
						t.Errorf("read %q of %d bytes: %v", text, o.Size, err)
					}
				}
				if i%10 == 0 {
					runtime.GC()
				}
			}
		})
	}
	all.Wait()
	want := state(t, s)
	s.Close()
	same(t, "reopened", state(t, reopen(t, dir)), want)
}
