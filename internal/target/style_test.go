package target_test

import (
	"errors"
	"strings"
	"testing"

	"objectharness/internal/client"
	"objectharness/internal/target"
)

// An IP address cannot carry a bucket in its name: the style in use is said, and
// the other one is refused when it is asked for.
func TestStyleInUse(t *testing.T) {
	for _, c := range []struct{ endpoint, style, want string }{
		{"http://127.0.0.1:9000", "", "path"}, {"http://[::1]:9000", "", "path"}, {"http://127.0.0.1", "path", "path"},
		{"http://127.0.0.1:9000", "virtual", ""}, {"https://[::1]", "virtual", ""},
		{"http://store.example", "virtual", "virtual"}, {"http://store.example", "", "virtual"},
	} {
		config := target.Config{Dialect: "oss", Endpoint: c.endpoint, Style: c.style, Owner: client.Keys{AccessKey: "a", SecretKey: "b"}}
		err := config.Check()
		if c.want == "" {
			if !errors.Is(err, target.ErrUsage) || !strings.Contains(err.Error(), "connect") {
				t.Errorf("%s, style %q: %v, want wrong usage and the way out", c.endpoint, c.style, err)
			}
			continue
		}
		if got := target.Describe(config).Style; err != nil || got != c.want {
			t.Errorf("%s, style %q: %q, %v; want %q", c.endpoint, c.style, got, err, c.want)
		}
	}
}
