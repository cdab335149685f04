package sign

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"math/rand/v2"
	"testing"
	"time"
)

func TestMACsAreThoseOfTheStandardLibrary(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for keyLength := range 140 {
		key, text := make([]byte, keyLength), make([]byte, rng.IntN(300))
		for i := range key {
			key[i] = byte(rng.Uint32())
		}
		want256, want1 := hmac.New(sha256.New, key), hmac.New(sha1.New, key)
		want256.Write(text)
		want1.Write(text)
		if got := HMAC256(key, text); !bytes.Equal(got[:], want256.Sum(nil)) {
			t.Errorf("HMAC256 differs with a key of %d bytes", keyLength)
		}
		if got := HMAC1(key, text); !bytes.Equal(got[:], want1.Sum(nil)) {
			t.Errorf("HMAC1 differs with a key of %d bytes", keyLength)
		}
	}
}

func TestDivergence(t *testing.T) {
	a := &Steps{}
	a.AddText("one", "same")
	a.AddText("two", "abcd")
	a.AddText("three", "x")
	b := &Steps{}
	b.AddText("one", "same")
	b.AddText("two", "abXd")
	if step, i, ok := Divergence(a, b); step != "two" || i != 2 || !ok {
		t.Errorf("got %q %d %v, want two at 2", step, i, ok)
	}
	if _, _, ok := Divergence(a, a); ok {
		t.Error("a differs from itself")
	}
	b.List[1].Value = "abcd"
	if step, i, ok := Divergence(a, b); step != "three" || i != 0 || !ok {
		t.Errorf("a missing step: got %q %d %v", step, i, ok)
	}
	if _, _, ok := Divergence(nil, b); ok {
		t.Error("nothing recorded differs")
	}
}

func TestReadingNumbersAndTimes(t *testing.T) {
	for text, want := range map[string]time.Duration{"0": 0, "-1": -time.Second, "60": time.Minute, "99999999999999999999": maxSeconds * time.Second} {
		if got, ok := Seconds(text); got != want || !ok {
			t.Errorf("Seconds(%q) = %v, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "+1", "1.5", "x", " 1"} {
		if _, ok := Seconds(text); ok {
			t.Errorf("Seconds(%q) is read", text)
		}
	}
	if _, ok := Parse("20060102T150405Z", "20240229T235959.5Z"); ok {
		t.Error("a fraction of a second is read")
	}
	if _, ok := Epoch("-1"); ok {
		t.Error("a negative time is read")
	}
}

func TestCollapsed(t *testing.T) {
	for in, want := range map[string]string{"  a   b ": "a b", "": "", "   ": "", "a\t b": "a\t b", "标  题": "标 题"} {
		if got := string(Collapsed(nil, in)); got != want {
			t.Errorf("Collapsed(%q) = %q, want %q", in, got, want)
		}
	}
}
