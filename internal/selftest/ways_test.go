package selftest

import (
	"strings"
	"testing"

	"objectharness/internal/client"
	"objectharness/internal/dialect"
	"objectharness/internal/emulator"
	"objectharness/internal/sign"
	"objectharness/suites"
)

// TestEveryWayToSpeak runs every case against the sound emulator with each
// scheme of the dialect as the one that clients use, in path style and in
// virtual-hosted style.
func TestEveryWayToSpeak(t *testing.T) {
	for _, name := range suites.Dialects() {
		for _, scheme := range mustDialect(t, name).Schemes {
			for _, style := range []dialect.Style{dialect.PathStyle, dialect.HostStyle} {
				way := name + " " + scheme.Name() + " " + map[dialect.Style]string{dialect.PathStyle: "path", dialect.HostStyle: "virtual"}[style]
				t.Run(way, func(t *testing.T) {
					t.Parallel()
					everyCasePasses(t, name, scheme, style)
				})
			}
		}
	}
}

func everyCasePasses(t *testing.T, name string, scheme sign.Scheme, style dialect.Style) {
	b := newBenchIn(t, mustDialect(t, name), emulator.Options{}, func(c *client.Client) {
		c.Scheme, c.Endpoint.Style = scheme, style
		c.Endpoint.Host = map[dialect.Style]string{dialect.PathStyle: "127.0.0.1:9000", dialect.HostStyle: c.Dialect.Host(c.Region)}[style]
	})
	for _, c := range suites.Cases(name) {
		v := verdict(b.run(c))
		if v != "passed" && !(style == dialect.HostStyle && strings.HasSuffix(v, "it takes path style to send one")) {
			t.Errorf("%s: %s", c.ID, v)
		}
	}
}
