package keygen_test

import (
	"crypto/md5"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"objectharness/keygen"
)

// documented holds every example key of the COS document on request rates, in
// its order, under the strategy that makes them.
var documented = []struct {
	strategy string
	keys     []string
}{
	{"dated", []string{
		"20170701/log120000.tar.gz", "20170701/log120500.tar.gz", "20170701/log121000.tar.gz", "20170701/log121500.tar.gz",
	}},
	{"numbered", []string{"image001/indexpage1.jpg", "image002/indexpage2.jpg", "image003/indexpage3.jpg"}},
	{"hashed", []string{
		"faf1-20170701/log120000.tar.gz", "e073-20170701/log120500.tar.gz",
		"333c-20170701/log121000.tar.gz", "2c32-20170701/log121500.tar.gz",
	}},
	{"enumerated", []string{
		"logs/20170701/log120000.tar.gz", "images/image001/indexpage1.jpg",
		"logs/20170701/log120500.tar.gz", "images/image002/indexpage2.jpg",
		"logs/20170701/log121000.tar.gz", "images/image003/indexpage3.jpg",
	}},
	{"enumerated:hashed", []string{
		"logs/faf1-20170701/log120000.tar.gz", "images/0165-image001/indexpage1.jpg",
		"logs/e073-20170701/log120500.tar.gz", "images/a349-image002/indexpage2.jpg",
		"logs/333c-20170701/log121000.tar.gz", "images/ac00-image003/indexpage3.jpg",
	}},
	{"lettered", []string{
		"20170701/log0701A.tar.gz", "20170701/log0701B.tar.gz", "20170702/log0702A.tar.gz", "20170702/log0702B.tar.gz",
	}},
	{"id", []string{
		"id16777216/album/hongkong/img20170701121314.jpg", "id16777216/music/artist/tony/anythinggoes.mp3",
		"id16777217/video/record20170701121314.mov", "id16777218/live/show/date/20170701121314.mp4",
	}},
	{"reversed:lettered", []string{
		"10707102/log0701A.tar.gz", "10707102/log0701B.tar.gz", "20707102/log0702A.tar.gz", "20707102/log0702B.tar.gz",
	}},
	{"reversed:id", []string{
		"61277761di/album/hongkong/img20170701121314.jpg", "61277761di/music/artist/tony/anythinggoes.mp3",
		"71277761di/video/record20170701121314.mov", "81277761di/live/show/date/20170701121314.mp4",
	}},
}

// everyForm is a strategy of each form and option.
var everyForm = []string{
	"sequential", "sequential:numbered", "numbered", "dated", "dated:1s", "dated:13h", "dated:24h", "lettered", "lettered:26", "lettered:1", "id",
	"hashed", "hashed:2", "hashed:sha1:3:id", "hashed:md5", "hashed:md5:2:dated:1s", "hashed:md5:lettered",
	"enumerated", "enumerated:hashed", "enumerated:hashed:md5:3", "reversed", "reversed:numbered", "reversed:id", "random",
}

func parse(t testing.TB, text string) keygen.Strategy {
	t.Helper()
	s, err := keygen.Parse(text, 7)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestDocumentedKeys(t *testing.T) {
	for _, d := range documented {
		key := parse(t, d.strategy).Append.Func()
		for n, want := range d.keys {
			if got := key(uint64(n)); got != want {
				t.Errorf("%s: key %d is %q, want %q", d.strategy, n, got, want)
			}
		}
	}
}

// Keys behind the document's, worked out by its rules with other tools.
func TestKeysBeyondTheDocument(t *testing.T) {
	for _, c := range []struct {
		strategy string
		n        uint64
		want     string
	}{
		{"hashed", 4, "04d4-20170701/log122000.tar.gz"},
		{"hashed:md5", 4, "7002-20170701/log122000.tar.gz"},
		{"hashed:md5", 0, "4f37-20170701/log120000.tar.gz"},
		{"hashed:3", 5, "27a-20170701/log122500.tar.gz"},
		{"hashed:md5:2", 5, "31-20170701/log122500.tar.gz"},
		{"hashed:numbered", 9, "2724-image010/indexpage10.jpg"},
		{"hashed:md5:numbered", 3, "390e-image004/indexpage4.jpg"},
		{"numbered", 999, "image1000/indexpage1000.jpg"},
		{"dated", 144, "20170702/log000000.tar.gz"},
		{"dated:1s", 12*3600 - 1, "20170701/log235959.tar.gz"},
		{"lettered:26", 25, "20170701/log0701Z.tar.gz"},
		{"id", 4, "id16777219/album/hongkong/img20170701121314.jpg"},
		{"reversed:numbered", 0, "100egami/indexpage1.jpg"},
	} {
		if got := parse(t, c.strategy).Append.Func()(c.n); got != c.want {
			t.Errorf("%s: key %d is %q, want %q", c.strategy, c.n, got, c.want)
		}
	}
}

// TestDates holds our calendar to package time, over more than 400 years.
func TestDates(t *testing.T) {
	key := keygen.Dated(13 * time.Hour).Func()
	start := time.Date(2017, 7, 1, 12, 0, 0, 0, time.UTC)
	for n := range uint64(300_000) {
		hours := 13 * int(n) // more of them than a time.Duration holds
		at := start.AddDate(0, 0, hours/24).Add(time.Duration(hours%24) * time.Hour)
		if got, want := key(n), at.Format("20060102/log150405.tar.gz"); got != want {
			t.Fatalf("key %d is %q, want %q", n, got, want)
		}
	}
}

// numbers are those at both ends, around powers of two, and of all sizes between.
func numbers() []uint64 {
	seen := map[uint64]bool{}
	for n := range uint64(4000) {
		seen[n], seen[math.MaxUint64-n] = true, true
	}
	for shift := range 64 {
		for near := range uint64(40) {
			seen[uint64(1)<<shift+near], seen[uint64(1)<<shift-near] = true, true
		}
	}
	var out []uint64
	for n := range seen {
		out = append(out, n)
	}
	return out
}

func TestKeysDiffer(t *testing.T) {
	all := numbers()
	for _, text := range everyForm {
		key, seen := parse(t, text).Append.Func(), map[string]uint64{}
		for _, n := range all {
			k := key(n)
			if other, ok := seen[k]; ok {
				t.Fatalf("%s: %d and %d have the same key %q", text, n, other, k)
			}
			if seen[k] = n; len(k) >= 100 {
				t.Errorf("%s: key %d has %d bytes", text, n, len(k))
			}
		}
	}
}

// Any key can be had at any time, by any number of goroutines, with other bytes
// in front of it.
func TestKeysArePure(t *testing.T) {
	all := numbers()[:2000]
	for _, text := range everyForm {
		a := parse(t, text).Append
		want := map[uint64]string{}
		for _, n := range all {
			want[n] = a.Func()(n)
		}
		var wait sync.WaitGroup
		for range 4 {
			wait.Go(func() {
				for _, n := range slices.Backward(all) {
					if got := string(a([]byte("bucket/"), n)); got != "bucket/"+want[n] {
						t.Errorf("%s: key %d is %q, then %q", text, n, want[n], got)
						return
					}
				}
			})
		}
		wait.Wait()
	}
}

func TestAppendDoesNotAllocate(t *testing.T) {
	dst := make([]byte, 0, 128)
	for _, text := range everyForm {
		a, n := parse(t, text).Append, uint64(0)
		if got := testing.AllocsPerRun(100, func() { dst = a(dst[:0], n); n += 1 << 40 }); got != 0 {
			t.Errorf("%s: %v allocations a key", text, got)
		}
	}
}

func TestHashedHoldsTheHash(t *testing.T) {
	base := keygen.Dated(time.Second)
	for digits := keygen.MinDigits; digits <= keygen.MaxDigits; digits++ {
		for n := range uint64(500) {
			plain := base.Func()(n)
			s, m := sha1.Sum([]byte(plain)), md5.Sum([]byte(plain))
			for h, sum := range map[keygen.Hash][]byte{keygen.SHA1: s[:], keygen.MD5: m[:]} {
				want := hex.EncodeToString(sum)[:digits] + "-" + plain
				if got := keygen.Hashed(base, h, digits).Func()(n); got != want {
					t.Fatalf("%v, %d digits: %q, want %q", h, digits, got, want)
				}
			}
		}
	}
}

func TestReversedTurnsCharacters(t *testing.T) {
	for plain, want := range map[string]string{
		"": "", "/": "/", "a": "a", "abc": "cba", "/abc": "/abc", "ab/cd/ef": "ba/cd/ef",
		"été/ab": "été/ab", "日本語x/y": "x語本日/y", "\xffab": "ba\xff", "e\u0301/": "\u0301e/",
	} {
		fixed := func(dst []byte, _ uint64) []byte { return append(dst, plain...) }
		if got := keygen.Reversed(fixed).Func()(0); got != want {
			t.Errorf("%q reversed is %q, want %q", plain, got, want)
		}
		if got := keygen.Reversed(keygen.Reversed(fixed)).Func()(0); got != plain {
			t.Errorf("%q reversed twice is %q", plain, got)
		}
	}
}

// The first numbers of SplitMix64 from 0, as its users publish them.
func TestRandomIsSplitMix(t *testing.T) {
	key := keygen.Random(0).Func()
	for i, want := range []string{"e220a8397b1dcdaf", "6e789e6aa1b965f4", "06c45d188009454f"} {
		if got := key(uint64(i + 1)); got != want {
			t.Errorf("key %d is %s, want %s", i+1, got, want)
		}
	}
}

func TestRandomHasASeed(t *testing.T) {
	seen := map[string]bool{}
	for seed := range uint64(20) {
		for n := range uint64(100) {
			seen[keygen.Random(seed).Func()(n)] = true
		}
	}
	if len(seen) != 2000 {
		t.Errorf("%d different keys of 20 seeds, 100 each", len(seen))
	}
}

func TestWrongArgumentsPanic(t *testing.T) {
	for name, f := range map[string]func(){
		"one digit":   func() { keygen.Hashed(keygen.ID, keygen.SHA1, 1) },
		"five digits": func() { keygen.Hashed(keygen.ID, keygen.SHA1, 5) },
		"no group":    func() { keygen.Enumerated() },
		"no step":     func() { keygen.Dated(0) },
		"fraction":    func() { keygen.Dated(1500 * time.Millisecond) },
		"long step":   func() { keygen.Dated(25 * time.Hour) },
		"no letter":   func() { keygen.Lettered(0) },
		"27 letters":  func() { keygen.Lettered(27) },
		"no range":    func() { keygen.Equal(0) },
	} {
		func() {
			defer func() {
				if text := fmt.Sprint(recover()); !strings.HasPrefix(text, "keygen: ") {
					t.Errorf("%s: %s", name, text)
				}
			}()
			f()
		}()
	}
}

func BenchmarkKey(b *testing.B) {
	for _, text := range []string{"numbered", "dated", "lettered", "id", "hashed", "hashed:md5", "enumerated", "enumerated:hashed", "reversed", "random"} {
		b.Run(text, func(b *testing.B) {
			a, dst, n := parse(b, text).Append, make([]byte, 0, 128), uint64(0)
			b.ReportAllocs()
			for b.Loop() {
				dst = a(dst[:0], n)
				n++
			}
		})
	}
}
