package emulator

import "testing"

// FuzzRange holds every answer to a Range inside of the object, whatever the
// field says and in whatever dialect.
func FuzzRange(f *testing.F) {
	for _, text := range []string{"bytes=0-4", "bytes=4-", "bytes=-3", "bytes=-0", "bytes=9-2", "bytes=0-1,3-4", "byte=0-1", "bytes=--", "0-8", "bytes=5-99999999999999999999"} {
		f.Add(text, int64(10))
	}
	f.Fuzz(func(t *testing.T, text string, size int64) {
		size = max(0, size)
		a := parseRange(text)
		got := byHTTP(a, size)
		switch {
		case got == refused || got == whole(size):
		case got.as != "part" || got.first < 0 || got.length <= 0 || got.first > size-got.length:
			t.Fatalf("%q of %d bytes: %+v", text, size, got)
		}
	})
}

func TestParseRange(t *testing.T) {
	for text, want := range map[string]asked{
		"bytes=2-5":   {"closed", 2, 5},
		"bytes=-5":    {"suffix", 0, 5},
		"bytes=+2-5":  {form: "malformed"},
		"bytes= 2-5":  {form: "malformed"},
		"bytes=2-5,":  {form: "several"},
		"octets=2-5":  {form: "unit"},
		"bytes=2-5-7": {form: "malformed"},
		"":            {form: "malformed"},
	} {
		if got := parseRange(text); got != want {
			t.Errorf("%q: got %+v, want %+v", text, got, want)
		}
	}
}
