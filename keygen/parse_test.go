package keygen_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"objectharness/keygen"
)

func TestParseTellsTheRule(t *testing.T) {
	for text, want := range map[string]string{
		"sequential":            "day and time, 5m apart",
		"dated:1h":              "day and time, 1h apart",
		"dated:90s":             "day and time, 1m30s apart",
		"dated:1m10s":           "day and time, 1m10s apart",
		"sequential:lettered:3": "day and letter, 3 a day",
		"hashed:md5:2:numbered": "numbers that count up; 2 digits of MD5 in front",
		"reversed:id":           "ids that count up; the first path segment backwards",
		"enumerated:hashed:3":   "groups logs and images in turn; 3 digits of SHA-1 in front of the rest",
		"random":                "16 hexadecimal digits without order, seed 7",
	} {
		if s := parse(t, text); s.Rule != want || s.Name != text {
			t.Errorf("%s: %q %q, want %q", text, s.Name, s.Rule, want)
		}
	}
}

// What is left out means the same as what it stands for.
func TestParseDefaults(t *testing.T) {
	for short, long := range map[string]string{
		"sequential": "dated:5m", "dated": "dated:300s", "lettered": "lettered:2", "hashed": "hashed:sha1:4:dated:5m",
		"hashed:md5": "hashed:md5:4:dated", "hashed:id": "hashed:sha1:4:id", "reversed": "reversed:dated", "enumerated:hashed": "enumerated:hashed:sha1:4",
	} {
		a, b := parse(t, short), parse(t, long)
		for n := range uint64(600) {
			if x, y := a.Append.Func()(n), b.Append.Func()(n); x != y {
				t.Fatalf("%s and %s: key %d is %q and %q", short, long, n, x, y)
			}
		}
	}
}

func TestEveryFormParses(t *testing.T) {
	for _, f := range keygen.Forms() {
		if s := parse(t, f.Word); s.Append == nil || s.Rule == "" || f.Rule == "" {
			t.Errorf("%s: %+v", f.Word, s)
		}
		if f.Options == "" {
			if _, err := keygen.Parse(f.Word+":numbered", 0); err == nil {
				t.Errorf("%s has no options and takes one", f.Word)
			}
		}
	}
}

func TestParseErrors(t *testing.T) {
	for _, c := range []struct{ text, want, word string }{
		{"", `expected sequential, hashed, enumerated, reversed, random, numbered, dated, lettered or id, got ""`, "hashed"},
		{"hashd", `or id, got "hashd"`, "hashed"},
		{"Dated", `got "Dated"`, "dated"},
		{"hashed:md6", `hashed:md6: expected sha1, md5, 2, 3, 4, numbered, dated, lettered or id, got "md6"`, "md5"},
		{"hashed:5", `got "5"`, "4"},
		{"hashed:md5:sha1", `expected 2, 3, 4, numbered`, ""},
		{"hashed:2:md5", `hashed:2:md5: expected numbered, dated, lettered or id, got "md5"`, "id"},
		{"hashed:", `got ""`, "md5"},
		{"hashed:random", `got "random"`, "dated"},
		{"dated:0s", `dated:0s: expected a step of whole seconds, 1s to 24h, got "0s"`, ""},
		{"dated:1500ms", `whole seconds`, ""},
		{"dated:25h", `whole seconds`, ""},
		{"dated:five", `whole seconds`, ""},
		{"dated:1s:2s", `expected nothing more, got "2s"`, ""},
		{"lettered:27", `expected 1 to 26 letters a day, got "27"`, ""},
		{"lettered:0", `1 to 26`, ""},
		{"enumerated:hash", `expected hashed, got "hash"`, "hashed"},
		{"enumerated:hashed:md5:1", `expected 2, 3 or 4, got "1"`, "2"},
		{"enumerated:hashed:4:4", `expected nothing more, got "4"`, ""},
		{"reversed:random", `expected numbered, dated, lettered or id`, "id"},
		{"random:3", `random:3: expected nothing more, got "3"`, ""},
	} {
		_, err := keygen.Parse(c.text, 0)
		var wrong *keygen.Error
		if !errors.As(err, &wrong) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %s", c.text, err, c.want)
		} else if c.word != "" && !slices.Contains(wrong.Words, c.word) {
			t.Errorf("%q: words %v, want %s among them", c.text, wrong.Words, c.word)
		}
	}
}

// A listing of every prefix that Listings counts finds a directory, and one less
// does not.
func TestListings(t *testing.T) {
	for text, want := range map[string]int{
		"sequential": 1, "id": 1, "reversed:id": 1, "enumerated": 1, "random": 0,
		"hashed": 65536, "hashed:md5:3": 4096, "hashed:2:id": 256, "enumerated:hashed": 65536, "enumerated:hashed:2": 256,
	} {
		if got := parse(t, text).Listings; got != want {
			t.Errorf("%s: %d listings, want %d", text, got, want)
		}
	}
	prefixes, key := map[string]bool{}, parse(t, "hashed:2:dated:1s").Append.Func()
	for n := range uint64(12 * 3600) { // the first day
		before, _, _ := strings.Cut(key(n), "/")
		prefixes[before] = true
	}
	if want := parse(t, "hashed:2:dated:1s").Listings; len(prefixes) != want {
		t.Errorf("one day has %d prefixes, want %d", len(prefixes), want)
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range everyForm {
		f.Add(text)
	}
	f.Add("hashed::dated:")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := keygen.Parse(text, 1)
		var wrong *keygen.Error
		if err != nil && !errors.As(err, &wrong) {
			t.Fatalf("%q: %v", text, err)
		}
		if err == nil && (s.Name != text || s.Append.Func()(0) == s.Append.Func()(1)) {
			t.Fatalf("%q: %+v", text, s)
		}
	})
}
