package report_test

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"objectharness/report"
)

// poisonous is text that does something where it is not escaped: in an element, an
// attribute, a style, a URL and a script.
const poisonous = `"'></title></style></script><script>alert(1)</script><img src=x onerror=alert(1)>javascript:alert(1)` + "`${x}`"

// poison puts hostile text into every string of v.
func poison(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(v.String() + poisonous)
	case reflect.Pointer:
		if !v.IsNil() {
			poison(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				poison(v.Field(i))
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			poison(v.Index(i))
		}
	}
}

// Whatever a target sends stays text: no element and no attribute of a page comes
// from a run.
func TestRecordedStaysText(t *testing.T) {
	run, other, loads := sample(t, 200), sample(t, 100), loadRun(2)
	for _, r := range []*report.Run{run, other, loads} {
		poison(reflect.ValueOf(r).Elem())
	}
	diff, err := report.Compare([]string{poisonous, "b" + poisonous}, []*report.Run{run, other})
	if err != nil {
		t.Fatal(err)
	}
	trend := new(report.Trend)
	for i, r := range []*report.Run{run, other, loads} {
		trend.Add(fmt.Sprint(i, poisonous), r)
	}
	pages := map[string]string{"run": string(render(t, report.WriteHTML, run)), "load": string(render(t, report.WriteHTML, loads))}
	for name, write := range map[string]func(*bytes.Buffer) error{
		"compare": func(b *bytes.Buffer) error { return diff.WriteHTML(b) },
		"trend":   func(b *bytes.Buffer) error { return trend.WriteHTML(b) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		pages[name] = b.String()
	}
	for name, page := range pages {
		for _, bad := range []string{"<script>alert", "<img", "href=\"javascript:", "ZgotmplZ", "<no value>"} {
			if i := strings.Index(page, bad); i >= 0 {
				t.Errorf("the %s page holds %s: …%.160s", name, bad, page[max(0, i-80):])
			}
		}
		if strings.Count(page, "<script>") > 1 || strings.Count(page, "</style>") != 1 {
			t.Errorf("the %s page has a script or a style that is not its own", name)
		}
		if !strings.Contains(page, "&lt;script&gt;alert(1)") {
			t.Errorf("the %s page does not show what was recorded", name)
		}
		if !strings.Contains(page, `content="default-src &#39;none&#39;; style-src`) {
			t.Errorf("the %s page allows more than its own script", name)
		}
	}
}
