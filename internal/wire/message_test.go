package wire

import (
	"slices"
	"testing"
)

func TestFields(t *testing.T) {
	f := Fields{{"A", "1"}, {"b", "2"}, {"a", "3"}, {"C", ""}}
	if f.Get("a") != "1" || !slices.Equal(f.Values("A"), []string{"1", "3"}) || !f.Has("c") || f.Has("d") || f.Get("d") != "" {
		t.Errorf("lookups in %v are wrong", f)
	}
	tests := []struct {
		name string
		act  func(*Fields)
		want Fields
	}{
		{"set the first", func(f *Fields) { f.Set("a", "9") }, Fields{{"A", "9"}, {"b", "2"}, {"C", ""}}},
		{"set one", func(f *Fields) { f.Set("B", "9") }, Fields{{"A", "1"}, {"b", "9"}, {"a", "3"}, {"C", ""}}},
		{"set a new one", func(f *Fields) { f.Set("d", "9") }, Fields{{"A", "1"}, {"b", "2"}, {"a", "3"}, {"C", ""}, {"d", "9"}}},
		{"delete all", func(f *Fields) { f.Del("a") }, Fields{{"b", "2"}, {"C", ""}}},
		{"delete none", func(f *Fields) { f.Del("d") }, f},
		{"add", func(f *Fields) { f.Add("a", "") }, Fields{{"A", "1"}, {"b", "2"}, {"a", "3"}, {"C", ""}, {"a", ""}}},
	}
	for _, tt := range tests {
		got := f.Clone()
		tt.act(&got)
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
	if len(f) != 4 || f[0].Value != "1" {
		t.Errorf("a clone shares memory: %v", f)
	}
}

func TestEscapes(t *testing.T) {
	const text = "a/b c~%é+"
	if got, want := Escape(text), "a%2Fb%20c~%25%C3%A9%2B"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := EscapePath(text), "a/b%20c~%25%C3%A9%2B"; got != want {
		t.Errorf("path: got %s, want %s", got, want)
	}
	for _, broken := range []string{"%", "a%2", "%zz", "%2x"} {
		if got, ok := Unescape(broken); ok || got != broken {
			t.Errorf("%s: got %s, %v", broken, got, ok)
		}
	}
}

func TestSplitTarget(t *testing.T) {
	tests := []struct{ target, path, query string }{
		{"/a/b?c=d?e", "/a/b", "c=d?e"},
		{"/a", "/a", ""},
		{"", "/", ""},
		{"http://h:1/a?b", "/a", "b"},
		{"https://h", "/", ""},
		{"http://h?b", "/", "b"},
		{"/a://b/c", "/a://b/c", ""},
		{"*", "*", ""},
	}
	for _, tt := range tests {
		if path, query := SplitTarget(tt.target); path != tt.path || query != tt.query {
			t.Errorf("%s: got %s and %s, want %s and %s", tt.target, path, query, tt.path, tt.query)
		}
	}
}

func TestQuery(t *testing.T) {
	got := ParseQuery("b=1&&a&a=&c=%2F%zz&=x&d=e=f+g")
	want := []Param{{Name: "b", Value: "1"}, {Name: "a", Bare: true}, {Name: "a"}, {Name: "c", Value: "%2F%zz"}, {Value: "x"}, {Name: "d", Value: "e=f+g"}}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got, want := string(AppendQuery(nil, want)), "b=1&a&a=&c=%252F%25zz&=x&d=e%3Df%2Bg"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
