package oracle

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// asked is the vector's request for an SDK that takes one of net/http. Fields
// for which keep says no are left out: SDKs sign what they are given.
func (v *Vector) asked(keep func(name string) bool) *http.Request {
	r := &http.Request{Method: v.Request.Method, Host: v.Request.Host, Header: http.Header{},
		URL: &url.URL{Scheme: v.Request.Scheme, Host: v.Request.Host, Path: v.Request.Path, RawPath: v.Request.WirePath, RawQuery: v.Request.WireQuery}}
	for _, f := range v.Request.Headers {
		if !strings.EqualFold(f[0], "Host") && keep(strings.ToLower(f[0])) {
			r.Header.Add(f[0], f[1])
		}
	}
	return r
}

// signed tells whether a field is among those that the vector signs by name; all
// are where it names none.
func (v *Vector) signed(name string) bool {
	return v.Options.Signed == nil || slices.ContainsFunc(v.Options.Signed, func(n string) bool { return strings.EqualFold(n, name) })
}

// after is what stands between a mark and the next separator, or "".
func after(text, mark string) string {
	_, rest, ok := strings.Cut(text, mark)
	if !ok {
		return ""
	}
	if i := strings.IndexAny(rest, "&, "); i >= 0 {
		rest = rest[:i]
	}
	return rest
}
