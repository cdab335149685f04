package emulator

import "testing"

func TestControlsAreRevealed(t *testing.T) {
	for text, want := range map[string]string{"a&#x1;b&#31;": "a\x01b\x1f", "a&#x9;&amp;": "a&#x9;&amp;", "plain": "plain", "\ue001&#x1;": "\ue001&#x1;", "&#0;": "&#0;"} {
		made, hidden := disguised([]byte(text))
		got := string(made)
		if hidden {
			got = revealed(got)
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
