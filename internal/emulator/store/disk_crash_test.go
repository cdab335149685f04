package store

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
)

// changes are a life of a store: everything that writes, and that again.
func changes(s *Store) []func() error {
	update := func(bucket, key string, change func(old *Object) *Object) func() error {
		return func() error {
			b := s.Bucket(bucket)
			if b == nil {
				return ErrNoBucket
			}
			return b.Update(key, func(old *Object) (*Object, error) { return change(old), nil })
		}
	}
	give := func(text string) func(*Object) *Object { return func(*Object) *Object { return plain(text) } }
	grow := func(old *Object) *Object {
		made := plain("and more")
		if old != nil {
			made.Blobs, made.Size = append(append([]*Blob{}, old.Blobs...), made.Blobs...), old.Size+made.Size
		}
		return made
	}
	big := func(*Object) *Object {
		b, err := s.Spool(bytes.NewReader(make([]byte, SpillSize+1)), -1)
		if err != nil {
			b = NewBlob(nil) // its key tells: the length is another
		}
		return &Object{Blobs: []*Blob{b}, Size: b.Size, Modified: at}
	}
	remove := func(*Object) *Object { return nil }
	make := func(name string) func() error {
		return func() error { _, err := s.Create(&Bucket{Name: name, Created: at, Owner: "1"}); return err }
	}
	unmake := func(name string) func() error { return func() error { return s.Delete(name) } }
	return []func() error{
		make("a"), update("a", "k", give("one")), update("a", "k", give("two")), update("a", "k", grow), update("a", "big", big),
		make("b"), update("b", "x/y", give("")), update("b", "x/y", remove), unmake("b"),
		make("b"), update("b", "z", give("z")), update("a", "k", remove), update("a", "k", give("three")),
		begin(s, "a", "k", "U1"), begin(s, "a", "k", "U2"), part(s, "a", "k", "U1", 2, "two"), part(s, "a", "k", "U1", 1, "one"),
		part(s, "a", "k", "U1", 2, "again"), part(s, "a", "k", "U2", 7, "seven"), complete(s, "a", "k", "U1"), update("a", "k", give("four")),
		begin(s, "a", "n", "U3"), part(s, "a", "n", "U3", 1, ""), complete(s, "a", "n", "U3"),
		abort(s, "a", "k", "U2"),
		update("a", "v", give("null")), version(s, "a", "v", "1", "one"), version(s, "a", "v", "2", "two"), version(s, "a", "v", "", "new null"),
		mark(s, "a", "v", "3"), mark(s, "a", "v", ""), without(s, "a", "v", "2"), without(s, "a", "v", ""), without(s, "a", "v", "3"),
		mark(s, "a", "w", "4"), without(s, "a", "w", "4"), version(s, "b", "z", "5", "five"), begin(s, "b", "z", "U4"), part(s, "b", "z", "U4", 1, "x"),
		complete(s, "b", "z", "U4"), version(s, "b", "z", "6", "six"),
	}
}

// A kill at any step leaves a store that opens and holds what was answered, and
// of the change under way all or nothing: the directory is copied before each
// step and opened.
func TestKilledAtAnyStep(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // it removes files, also of a folder that is being copied
	dir, copies := t.TempDir(), t.TempDir()
	var answered []int // changes that were answered, for each copy
	done := 0
	snapshot := func() error {
		to := filepath.Join(copies, strconv.Itoa(len(answered)))
		answered = append(answered, done)
		return os.CopyFS(to, os.DirFS(dir))
	}
	s, err := open(dir, storeNote{Label: "oss", Seed: 7}, snapshot)
	if err != nil {
		t.Fatal(err)
	}
	states := []map[string]string{state(t, s)}
	for i, change := range changes(s) {
		if err := change(); err != nil {
			t.Fatalf("change %d: %v", i, err)
		}
		done++
		states = append(states, state(t, s))
	}
	s.Close()
	if len(answered) < 3*done {
		t.Fatalf("only %d steps of %d changes", len(answered), done)
	}
	for i, n := range answered {
		killed := reopen(t, filepath.Join(copies, strconv.Itoa(i)))
		got := state(t, killed)
		if !reflect.DeepEqual(got, states[n]) && !(n < done && reflect.DeepEqual(got, states[n+1])) {
			t.Errorf("killed before step %d, after %d changes:\n%v\nwant\n%v", i, n, got, states[n])
		}
		killed.Close()
		clean(t, killed)
	}
}

// clean checks that nothing stands in the directory but what the store names.
func clean(t *testing.T, s *Store) {
	t.Helper()
	bodies, folders, uploads := map[string]bool{}, 0, 0
	for _, b := range s.buckets {
		folders++
		b.WalkVersions("", func(versions []*Object) (string, bool) {
			for _, o := range versions {
				for _, blob := range o.Blobs {
					bodies[blob.kept.name] = true
				}
			}
			return "", true
		})
		b.ScanUploads("", "", func(u *Upload) bool {
			for _, blob := range u.blobs() {
				bodies[blob.kept.name] = true
			}
			uploads++
			return true
		})
	}
	for name := range files(t, s.disk.path(bodiesDir)) {
		if !bodies[name] {
			t.Errorf("body %s is left", name)
		}
	}
	if n := len(files(t, s.disk.path(tmpDir))); n > 0 {
		t.Errorf("%d temporary files are left", n)
	}
	if n := len(files(t, s.disk.path(objectsDir))); n != folders {
		t.Errorf("%d folders of objects, want %d", n, folders)
	}
	if n := len(files(t, s.disk.path(uploadsDir))); n != uploads {
		t.Errorf("%d folders of uploads, want %d", n, uploads)
	}
}

// A step that fails changes nothing, in memory and on disk, and what comes
// after it goes well.
func TestFailingAtAnyStep(t *testing.T) {
	full := errors.New("no space left")
	for fails := 1; ; fails++ {
		dir := t.TempDir()
		step, armed := 0, false
		s, err := open(dir, storeNote{Label: "oss", Seed: 7}, func() error {
			if armed {
				step++
			}
			if armed && step == fails {
				return full
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		armed = true
		for i, change := range changes(s) {
			before := state(t, s)
			if err := change(); errors.Is(err, full) {
				same(t, fmt.Sprintf("step %d fails in change %d", fails, i), state(t, s), before)
			}
		}
		armed = false
		put(t, s.buckets["a"].orNew(t, s), "last", plain("last"))
		want := state(t, s)
		s.Close()
		again := reopen(t, dir)
		same(t, fmt.Sprintf("reopened after step %d failed", fails), state(t, again), want)
		again.Close()
		if step < fails {
			return
		}
	}
}

// orNew is b, or the bucket a where the change that makes it has failed.
func (b *Bucket) orNew(t *testing.T, s *Store) *Bucket {
	if b != nil {
		return b
	}
	return create(t, s, "a")
}

const writerDir = "STORE_TEST_WRITER"

// TestMain is the test, or the process that TestKilledProcess kills.
func TestMain(m *testing.M) {
	if dir := os.Getenv(writerDir); dir != "" {
		if err := writeOn(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// writeOn changes a store for ever and tells each change once it is made.
func writeOn(dir string) error {
	s, err := Open(dir, "oss", 7)
	if err != nil {
		return err
	}
	b := s.Bucket("b")
	if b == nil {
		if b, err = s.Create(&Bucket{Name: "b", Created: at}); err != nil {
			return err
		}
	}
	for n := 0; ; n++ {
		key, text := strconv.Itoa(n%7), strconv.Itoa(n)
		err := b.Update(key, func(old *Object) (*Object, error) {
			if n%5 == 4 {
				return nil, nil
			}
			return plain(text), nil
		})
		if err != nil {
			return err
		}
		if _, err := fmt.Println(n); err != nil {
			return err
		}
	}
}

// A process that is killed loses nothing that it told.
func TestKilledProcess(t *testing.T) {
	dir := t.TempDir()
	for round := range 8 {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), writerDir+"="+dir)
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		if err == nil {
			err = cmd.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		told, lines := -1, bufio.NewScanner(out)
		for lines.Scan() {
			if told, err = strconv.Atoi(lines.Text()); err != nil {
				t.Fatal(err)
			}
			if told == 40+round {
				cmd.Process.Kill()
			}
		}
		cmd.Wait() // its end is the kill's
		if told < 40+round {
			t.Fatalf("the process ended after change %d", told)
		}
		s := reopen(t, dir)
		held := map[string]string{}
		for key, o := range state(t, s) {
			if _, key, ok := strings.Cut(key, "/"); ok {
				held[key] = o
			}
		}
		now, next := expected(t, told), expected(t, told+1)
		if !maps.Equal(held, now) && !maps.Equal(held, next) {
			t.Errorf("round %d, %d changes told: %v, want %v", round, told, held, now)
		}
		for key := range held {
			put(t, s.Bucket("b"), key, nil)
		}
		s.Close()
	}
}

// expected is what writeOn leaves after change last.
func expected(t *testing.T, last int) map[string]string {
	want := map[string]string{}
	for n := range last + 1 {
		key := strconv.Itoa(n % 7)
		delete(want, key)
		if n%5 != 4 {
			o := plain(strconv.Itoa(n))
			o.Key = key
			want[key] = told(t, o)
		}
	}
	return want
}
