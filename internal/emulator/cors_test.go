package emulator

import (
	"encoding/xml"
	"testing"
)

func TestGlob(t *testing.T) {
	for _, x := range []struct {
		pattern, text string
		want          bool
	}{
		{"*", "", true}, {"*", "http://a", true}, {"http://a", "http://a", true}, {"http://a", "http://ab", false},
		{"http://*.a", "http://b.a", true}, {"http://*.a", "http://.a", true}, {"http://*.a", "http://a", false},
		{"ab*ba", "aba", false}, {"ab*ba", "abba", true}, {"a*", "ba", false}, {"", "", true},
	} {
		if got := glob(x.pattern, x.text); got != x.want {
			t.Errorf("glob(%q, %q) = %v, want %v", x.pattern, x.text, got, x.want)
		}
	}
}

// FuzzCORS reads whatever comes as a configuration: nothing panics, and what is
// taken can be kept and read again with as many rules.
func FuzzCORS(f *testing.F) {
	f.Add([]byte("<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod><MaxAgeSeconds>5</MaxAgeSeconds></CORSRule></CORSConfiguration>"), "a")
	f.Add([]byte(`{"corsConfiguration":[{"allowedOrigins":["http://*.a"],"allowedMethods":["PUT"],"maxAgeSeconds":5}]}`), "http://b.a")
	f.Add([]byte(`{"corsConfiguration":[{"maxAgeSeconds":null}]}`), "")
	f.Add([]byte("<CORSConfiguration/><"), "*")
	f.Fuzz(func(t *testing.T, body []byte, origin string) {
		for _, form := range []bool{false, true} {
			c := &call{e: &Emulator{t: traits{json: form}}}
			config := new(corsConfig)
			if c.parse(body, config) != nil {
				continue
			}
			config.XMLName = xml.Name{}
			text, err := xml.Marshal(config)
			if err != nil {
				t.Fatalf("cannot keep %q: %v", body, err)
			}
			again := new(corsConfig)
			if err := xml.Unmarshal(text, again); err != nil || len(again.Rules) != len(config.Rules) {
				t.Fatalf("kept %q, which reads as %d rules, want %d: %v", text, len(again.Rules), len(config.Rules), err)
			}
			for _, s := range crossSlips {
				m := rightMatch
				s.slip(&m)
				m.first(config, crossing{origin, "GET", origin})
			}
		}
	})
}
