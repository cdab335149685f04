package emulator

import (
	"io"
	"strings"
	"testing"

	"objectharness/internal/dialect"
	"objectharness/internal/dialect/all"
)

// TestConfigForm holds documents to a form: how often, which text, which rule is
// broken.
func TestConfigForm(t *testing.T) {
	form := mustForm(`
A
  B+
    C? int
    D x|y @d.word
  E?
    ...
`)
	for _, c := range []struct{ text, rule string }{
		{"<A><B><D>x</D></B></A>", ""},
		{" <A>\n<B><C>-7</C><D>y</D></B><B><D>x</D></B><E><F><G>1</G></F></E></A>\n", ""},
		{"<A></A>", "own"},
		{"<A><B><D>z</D></B></A>", "d.word"},
		{"<A><B></B></A>", "d.word"},
		{"<A><B><D>x</D><D>x</D></B></A>", "d.word"},
		{"<A><B><C>seven</C><D>x</D></B></A>", "own"},
		{"<A><B><C><H></H></C><D>x</D></B></A>", "own"},
		{"<A><B><D>x</D></B><H></H></A>", "own"},
		{"<A>text<B><D>x</D></B></A>", "own"},
	} {
		doc, err := configXML([]byte(c.text))
		if err != nil {
			t.Fatalf("%s: %v", c.text, err)
		}
		if rule, fits := form.misfit(doc, "own"); fits != (c.rule == "") || !fits && rule != c.rule {
			t.Errorf("%s: rule %q, fits %v; want %q", c.text, rule, fits, c.rule)
		}
	}
}

// TestConfigText reads what is no single document as none, and JSON as the tree
// that XML makes.
func TestConfigText(t *testing.T) {
	for _, text := range []string{"", "A", "<A>", "<A></A><B></B>", "<A></A>x", "<A></B>", strings.Repeat("<A>", 40) + strings.Repeat("</A>", 40)} {
		if _, err := configXML([]byte(text)); err == nil {
			t.Errorf("%q is read as a document", text)
		}
	}
	for _, text := range []string{"", "{", "{} {}", "{}x"} {
		if _, err := configJSON([]byte(text)); err == nil {
			t.Errorf("%q is read as a document of JSON", text)
		}
	}
	doc, err := configJSON([]byte(`{"b":[{"c":1,"d":true},{"c":2}],"e":null}`))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(doc.all("b")); n != 2 || doc.at("b/c") != "1" || doc.at("b/d") != "true" || doc.kid("e") != nil {
		t.Errorf("%d elements b, c %q, d %q, e %v", n, doc.at("b/c"), doc.at("b/d"), doc.kid("e"))
	}
}

// TestConfigRoundTrip puts, reads and removes a document, and leaves it alone
// where the next one is malformed.
func TestConfigRoundTrip(t *testing.T) {
	d, err := all.ByName("oss")
	if err != nil {
		t.Fatal(err)
	}
	b := newDocumentBench(t, d)
	read := func() string {
		text, err := io.ReadAll(b.ask(t, "GET", "?encryption", "").Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	const rule = "<ServerSideEncryptionRule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></ServerSideEncryptionRule>"
	for _, step := range []struct {
		method, body string
		status       int
		after        string
	}{
		{"DELETE", "", 204, "NoSuchServerSideEncryptionRule"},
		{"PUT", rule, 200, rule},
		{"PUT", strings.Replace(rule, "AES256", "ROT13", 1), 400, rule},
		{"PUT", "<Other></Other>", 400, rule},
		{"DELETE", "", 204, "NoSuchServerSideEncryptionRule"},
	} {
		if r := b.ask(t, step.method, "?encryption", step.body); r.Status != step.status {
			t.Errorf("%s %s: %d, want %d", step.method, step.body, r.Status, step.status)
		}
		if got := read(); !strings.Contains(got, step.after) {
			t.Errorf("after %s %s: %s, want %s", step.method, step.body, got, step.after)
		}
	}
}

// TestConfigRows finds rows that no route leads to, and codes that the dialect
// does not have.
func TestConfigRows(t *testing.T) {
	for name, tr := range traitsOf {
		d, err := all.ByName(name)
		if err != nil {
			t.Fatal(err)
		}
		for kind, row := range tr.configs {
			if !routed(d, kind) {
				t.Errorf("%s: no route leads to Put%s", name, kind)
			}
			for _, code := range []string{row.none, row.malformed, row.again, row.tooLarge, row.digest} {
				if _, ok := d.Codes[code]; code != "" && !ok {
					t.Errorf("%s %s: code %s is not in the table", name, kind, code)
				}
			}
			if (row.none == "") == (row.initial == "") {
				t.Errorf("%s %s: want either a code for none or what is there initially", name, kind)
			}
		}
	}
}

func routed(d *dialect.Dialect, kind string) bool {
	for _, r := range d.Routes {
		if r.Kind == "Put"+kind {
			return true
		}
	}
	return false
}
