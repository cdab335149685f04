package selftest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// A row of the layer table of docs/design.md: which of our packages, and which
// foreign ones, a package may know. Test files of a package _test are exempt.
type layer struct {
	pkg  string   // a path below the module, or one ending in /… for all below
	ours []string // allowed packages of ours; a path ending in /… allows all below
	not  []string // foreign packages that must not be there
}

const (
	ginkgo = "github.com/onsi/ginkgo"
	gomega = "github.com/onsi/gomega"
	vegeta = "github.com/tsenart/vegeta"
)

var layers = []layer{
	{pkg: "internal/wire", not: []string{ginkgo, gomega, vegeta, "net/http"}},
	{pkg: "internal/sign", ours: []string{"internal/wire"}, not: []string{ginkgo, gomega, vegeta, "net/http"}},
	{pkg: "internal/sign/…", ours: []string{"internal/wire", "internal/sign", "internal/sign/…"}, not: []string{ginkgo, gomega, vegeta, "net/http"}},
	{pkg: "internal/policy", not: []string{ginkgo, gomega, vegeta, "net/http"}},
	{pkg: "keygen", not: []string{ginkgo, gomega, vegeta, "net/http"}},
	{pkg: "load", ours: []string{"internal/client", "internal/sign", "internal/sign/…", "internal/dialect", "internal/wire", "keygen", "load/stat"}, not: []string{ginkgo, gomega}},
	{pkg: "load/stat", not: []string{ginkgo, gomega, vegeta, "net/http"}},
	{pkg: "internal/clause", not: []string{ginkgo, gomega, vegeta, "net/http"}},
	{pkg: "internal/clause/gen", ours: []string{"internal/clause"}},
	{pkg: "vectors", ours: []string{"internal/sign", "internal/sign/…", "internal/wire", "internal/clause"}, not: []string{ginkgo, gomega, vegeta, "net/http"}},
	{pkg: "internal/dialect", ours: []string{"internal/sign", "internal/sign/…", "internal/wire"}, not: []string{ginkgo, gomega, vegeta, "net/http"}},
	{pkg: "internal/dialect/…", ours: []string{"internal/dialect", "internal/dialect/…", "internal/sign", "internal/sign/…", "internal/wire"}, not: []string{ginkgo, gomega, vegeta, "net/http"}},
	{pkg: "internal/exchange", ours: []string{"internal/wire", "internal/sign"}, not: []string{ginkgo, gomega, vegeta}},
	{pkg: "internal/siglab", ours: []string{"internal/sign", "internal/sign/…", "internal/wire", "internal/dialect", "internal/dialect/…", "internal/exchange"}, not: []string{ginkgo, gomega, vegeta, "net/http"}},
	{pkg: "internal/retell", ours: []string{"internal/siglab", "internal/exchange", "internal/wire"}, not: []string{ginkgo, gomega, vegeta, "net/http"}},
	{pkg: "internal/emulator/store", not: []string{ginkgo, gomega, vegeta, "net/http"}},
	{pkg: "internal/emulator/query", not: []string{ginkgo, gomega, vegeta, "net/http"}},
	{pkg: "internal/emulator", ours: []string{"internal/dialect", "internal/dialect/…", "internal/sign", "internal/sign/…", "internal/wire", "internal/policy", "internal/clause", "internal/emulator/store", "internal/emulator/query"}, not: []string{ginkgo, gomega, vegeta}},
	{pkg: "internal/client", ours: []string{"internal/dialect", "internal/sign", "internal/sign/…", "internal/wire", "internal/exchange"}, not: []string{ginkgo, gomega, vegeta}},
	{pkg: "internal/ledger", ours: []string{"internal/client", "internal/emulator", "internal/dialect", "internal/dialect/…", "internal/exchange", "internal/wire"}, not: []string{ginkgo, gomega, vegeta}},
	{pkg: "internal/target", ours: []string{"internal/client", "internal/emulator", "internal/dialect", "internal/dialect/…", "internal/exchange", "internal/wire", "internal/sign", "internal/sign/…", "internal/ledger", "internal/retell", "internal/siglab"}, not: []string{ginkgo, gomega, vegeta}},
	{pkg: "suites", ours: []string{"internal/client", "internal/dialect", "internal/sign", "internal/wire", "internal/clause", "internal/exchange", "vectors"}, not: []string{vegeta, "flag", "os"}},
	{pkg: "internal/runner", not: []string{vegeta}},
	{pkg: "internal/verdict", ours: []string{"internal/clause", "report"}, not: []string{ginkgo, gomega, vegeta, "net", "net/http"}},
	{pkg: "report", not: []string{ginkgo, gomega, vegeta}},
	{pkg: "internal/misbehave", ours: []string{"internal/wire", "internal/sign", "internal/sign/…", "internal/dialect", "internal/dialect/…"}, not: []string{ginkgo, gomega, vegeta}},
	{pkg: "objectharness", ours: []string{"internal/dialect/…", "internal/emulator", "internal/wire"}, not: []string{ginkgo, gomega, vegeta}},
	{pkg: "cmd/harness", ours: []string{"internal/cli"}, not: []string{ginkgo, gomega, vegeta}},
	{pkg: "internal/cli", ours: []string{"…"}},
	{pkg: "internal/selftest", ours: []string{"…"}},
}

const module = "objectharness/"

type listed struct {
	ImportPath   string
	Imports      []string
	TestImports  []string
	XTestGoFiles []string
}

func packages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports,TestImports", "./...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func covers(pattern, path string) bool {
	if base, ok := strings.CutSuffix(pattern, "…"); ok {
		return strings.HasPrefix(path, base)
	}
	return pattern == path
}

// layerOf is the most exact row of a package.
func layerOf(path string) (best layer, ok bool) {
	for _, l := range layers {
		if covers(l.pkg, path) && (!ok || len(l.pkg) > len(best.pkg) || l.pkg == path) {
			best, ok = l, true
		}
	}
	return best, ok
}

func TestLayers(t *testing.T) {
	for _, p := range packages(t) {
		path := strings.TrimPrefix(p.ImportPath, module)
		l, ok := layerOf(path)
		if !ok {
			t.Errorf("%s has no row in the layer table", path)
			continue
		}
		for _, imp := range p.Imports {
			if ours, is := strings.CutPrefix(imp, module); is {
				if !slices.ContainsFunc(l.ours, func(a string) bool { return covers(a, ours) }) {
					t.Errorf("%s must not know %s", path, ours)
				}
			} else if i := slices.IndexFunc(l.not, func(n string) bool { return imp == n || strings.HasPrefix(imp, n+"/") && n != "os" && n != "net" }); i >= 0 {
				t.Errorf("%s must not know %s", path, imp)
			}
		}
	}
}

// TestLayersNotices holds the table itself to a few breaches that it must see.
func TestLayersNotices(t *testing.T) {
	for _, c := range []struct{ pkg, imp string }{
		{"suites", "internal/emulator"}, {"internal/emulator", "internal/client"}, {"internal/wire", "internal/sign"},
		{"internal/dialect/oss", "internal/clause"}, {"report", "internal/clause"},
	} {
		l, ok := layerOf(c.pkg)
		if !ok || slices.ContainsFunc(l.ours, func(a string) bool { return covers(a, c.imp) }) {
			t.Errorf("the table lets %s know %s", c.pkg, c.imp)
		}
	}
}
