package ledger

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

var epoch = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func object(key string) Entry { return Entry{Kind: Object, Bucket: "b", Key: key, Time: epoch} }

func open(t *testing.T, dir string) *Ledger {
	t.Helper()
	l, err := Open(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func left(t *testing.T, l *Ledger) []Entry {
	t.Helper()
	entries, err := l.Left()
	must(t, err)
	return entries
}

func TestOrder(t *testing.T) {
	want := []Entry{
		{Kind: Upload, Bucket: "b", Key: "k", UploadID: "1", Time: epoch},
		{Kind: Upload, Bucket: "b", Key: "k", UploadID: "2", Time: epoch},
		{Kind: Upload, Target: "t", Bucket: "a", Key: "k", UploadID: "1", Time: epoch},
		{Kind: Version, Bucket: "b", Key: "k", VersionID: "1", Time: epoch},
		object("a"), object("b\n\"\xc3\xbc"), object("c\xff"),
		{Kind: Object, Bucket: "c", Key: "a", Time: epoch},
		{Kind: Bucket, Bucket: "a", Time: epoch},
		{Kind: Bucket, Bucket: "b", Time: epoch},
	}
	l := open(t, t.TempDir())
	for _, e := range slices.Backward(want) {
		must(t, l.Record(e))
	}
	if got := left(t, l); !slices.Equal(got, want) {
		t.Errorf("left\n%v\nwant\n%v", got, want)
	}
}

func TestGone(t *testing.T) {
	dir := t.TempDir()
	l := open(t, dir)
	must(t, l.Record(object("a")))
	must(t, l.Record(object("b")))
	must(t, l.Record(object("a")))
	later := object("a")
	later.Time = epoch.Add(time.Hour)
	must(t, l.Gone(later))
	if got := left(t, l); !slices.Equal(got, []Entry{object("b")}) {
		t.Errorf("left %v, want b alone", got)
	}
	must(t, l.Record(object("a")))
	if got := left(t, l); len(got) != 2 {
		t.Errorf("left %v, want a, made again, and b", got)
	}
	must(t, open(t, dir).Gone(object("b")))
	if got := left(t, l); !slices.Equal(got, []Entry{object("a")}) {
		t.Errorf("left %v, want a alone: another process has removed b", got)
	}
}

func TestSweep(t *testing.T) {
	l := open(t, t.TempDir())
	for _, e := range []Entry{{Kind: Bucket, Bucket: "b"}, object("a"), object("b"), object("c")} {
		must(t, l.Record(e))
	}
	var asked []string
	err := l.Sweep(context.Background(), func(e Entry) error {
		asked = append(asked, e.String())
		if e.Key == "b" {
			return errors.New("refused")
		}
		return nil
	})
	if want := `object b/"a",object b/"b",object b/"c",bucket b`; strings.Join(asked, ",") != want {
		t.Errorf("asked to remove %s, want %s", asked, want)
	}
	if err == nil || !strings.Contains(err.Error(), `remove object b/"b": refused`) {
		t.Errorf("error %v, want that b was refused", err)
	}
	if got := left(t, l); !slices.Equal(got, []Entry{object("b")}) {
		t.Errorf("left %v, want b alone", got)
	}
}

func TestSweepEnds(t *testing.T) {
	l := open(t, t.TempDir())
	must(t, l.Record(object("a")))
	must(t, l.Record(object("b")))
	ctx, cancel := context.WithCancel(context.Background())
	err := l.Sweep(ctx, func(Entry) error { cancel(); return nil })
	if !errors.Is(err, context.Canceled) || len(left(t, l)) != 1 {
		t.Errorf("error %v with %v left, want one left after the cancel", err, left(t, l))
	}
}

// TestTruncated cuts a file at every byte: no whole line may be lost, and
// nothing may be made up.
func TestTruncated(t *testing.T) {
	dir := t.TempDir()
	l := open(t, dir)
	for _, key := range []string{"a", "b\n", "c"} {
		must(t, l.Record(object(key)))
	}
	must(t, l.Gone(object("b\n")))
	must(t, l.Close())
	files, err := os.ReadDir(dir)
	must(t, err)
	text, err := os.ReadFile(filepath.Join(dir, files[0].Name()))
	must(t, err)
	after := [][]Entry{nil, {object("a")}, {object("a"), object("b\n")}, {object("a"), object("b\n"), object("c")}, {object("a"), object("c")}}
	for n := range len(text) + 1 {
		cut := t.TempDir()
		must(t, os.WriteFile(filepath.Join(cut, "1"+suffix), text[:n], 0o600))
		lines := bytes.Count(text[:n], []byte("\n"))
		if n < len(text) && text[n] == '\n' {
			lines++ // whole but for its end
		}
		if got := left(t, open(t, cut)); !slices.Equal(got, after[lines]) {
			t.Fatalf("cut at %d: left %v, want %v", n, got, after[lines])
		}
	}
}

func TestDamaged(t *testing.T) {
	dir := t.TempDir()
	must(t, open(t, dir).Record(object("a")))
	for name, text := range map[string]string{
		"middle": "{\"kind\":\"object\",\"bu\n{\"kind\":\"object\",\"bucket\":\"b\",\"key\":\"z\",\"time\":\"2026-01-02T03:04:05Z\"}\n",
		"kind":   `{"kind":"planet","bucket":"b"}` + "\n",
		"key":    `{"kind":"object","bucket":"b"}` + "\n",
		"long":   strings.Repeat("x", lineMax+1),
	} {
		must(t, os.WriteFile(filepath.Join(dir, name+suffix), []byte(text), 0o600))
		got, err := open(t, dir).Left()
		if err == nil || !strings.Contains(err.Error(), name+suffix) || !strings.Contains(err.Error(), "line 1") {
			t.Errorf("%s: error %v, want the file and the line", name, err)
		}
		if !slices.Contains(got, object("a")) || name == "middle" && !slices.Contains(got, object("z")) {
			t.Errorf("%s: left %v, want what can be read", name, got)
		}
		must(t, os.Remove(filepath.Join(dir, name+suffix)))
	}
}

func TestRefused(t *testing.T) {
	l := open(t, t.TempDir())
	for _, e := range []Entry{
		{}, {Kind: "planet", Bucket: "b"}, {Kind: Bucket}, {Kind: Bucket, Bucket: "b", Key: "k"}, {Kind: Object, Bucket: "b"},
		{Kind: Upload, Bucket: "b", Key: "k"}, {Kind: Version, Bucket: "b", Key: "k"}, object(strings.Repeat("k", lineMax)),
	} {
		if err := l.Record(e); err == nil {
			t.Errorf("%.200v is recorded", e)
		}
	}
	if got := left(t, l); got != nil {
		t.Errorf("left %v", got)
	}
}

func TestNil(t *testing.T) {
	var l *Ledger
	must(t, l.Record(object("a")))
	must(t, l.Gone(object("a")))
	must(t, l.Sweep(context.Background(), func(Entry) error { return errors.New("asked") }))
	must(t, l.Close())
}

func TestConcurrent(t *testing.T) {
	dir := t.TempDir()
	var writers sync.WaitGroup
	for p := range 3 {
		l := open(t, dir)
		for w := range 4 {
			writers.Go(func() {
				for i := range 25 {
					if err := l.Record(object(fmt.Sprint(p, w, i))); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	writers.Wait()
	if got := left(t, open(t, dir)); len(got) != 300 {
		t.Errorf("%d left, want 300", len(got))
	}
}

func TestDurable(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	l, err := Open(dir, true)
	must(t, err)
	must(t, l.Record(object("a")))
	must(t, l.Close())
	must(t, l.Record(object("b")))
	must(t, l.Close())
	if got := left(t, l); len(got) != 2 {
		t.Errorf("left %v, want both", got)
	}
}

// TestBroken takes the file away under the ledger: nothing may be appended after
// a failed write, which may have torn a line.
func TestBroken(t *testing.T) {
	l := open(t, t.TempDir())
	must(t, l.Record(object("a")))
	l.file.Close()
	first, second := l.Record(object("b")), l.Record(object("c"))
	if first == nil || second == nil {
		t.Errorf("recorded on a closed file: %v, %v", first, second)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"kind":"object","bucket":"b","key":"k","time":"2026-01-02T03:04:05Z"}` + "\n{"))
	f.Add([]byte("\n\n{}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		last, _ := read(bytes.NewReader(text))
		for _, l := range last {
			if err := l.check(); err != nil {
				t.Errorf("%v is read: %v", l, err)
			}
		}
	})
}
