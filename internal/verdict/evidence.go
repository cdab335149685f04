package verdict

import (
	"encoding/base64"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"objectharness/internal/clause"
	"objectharness/report"
)

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func divergence(d *clause.Divergence) *report.Divergence {
	if d == nil {
		return nil
	}
	return &report.Divergence{Step: d.Step, Ours: d.Ours, Theirs: d.Theirs, At: d.At}
}

func behaviour(b *clause.Behaviour) *report.Behaviour {
	if b == nil {
		return nil
	}
	return &report.Behaviour{Status: b.Status, Code: b.Code, Fields: b.Fields, Body: b.Body}
}

func exchanges(all []clause.Exchange) []report.Exchange {
	out := make([]report.Exchange, 0, len(all))
	for i := range all {
		e := &all[i]
		x := report.Exchange{
			Step: e.Step, DurationMS: milliseconds(e.Duration), Note: e.Note,
			OffsetMS: milliseconds(e.Offset), Times: max(e.Times, 1), Skipped: e.Skipped,
			Request: report.Request{Method: e.Request.Method, Target: e.Request.Target, Fields: e.Request.Fields, Body: body(&e.Request)},
		}
		if e.Reply != nil {
			x.Reply = &report.Reply{Status: e.Reply.Status, Fields: e.Reply.Fields, Body: body(e.Reply)}
		}
		out = append(out, x)
	}
	return out
}

// body writes what was kept of a body as text where it is text.
func body(m *clause.Message) *report.Body {
	if m.Length == 0 && len(m.Body) == 0 {
		return nil
	}
	b := &report.Body{Length: m.Length, SHA256: m.SHA256, Cut: int64(len(m.Body)) < m.Length}
	if text, ok := printable(m.Body, b.Cut); ok {
		b.Text = text
	} else {
		b.Base64 = base64.StdEncoding.EncodeToString(m.Body)
	}
	return b
}

// printable is b as text when it is UTF-8 without control characters other than
// white space. A cut may have gone through the last character, which is dropped.
func printable(b []byte, cut bool) (string, bool) {
	for n := 1; cut && n < utf8.UTFMax && len(b) > 0 && !utf8.Valid(b); n++ {
		b = b[:len(b)-1]
	}
	control := func(r rune) bool { return unicode.IsControl(r) && !unicode.IsSpace(r) }
	return string(b), utf8.Valid(b) && strings.IndexFunc(string(b), control) < 0
}
