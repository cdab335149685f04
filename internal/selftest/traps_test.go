package selftest

import (
	"testing"

	"objectharness/internal/client"
	"objectharness/internal/emulator"
	"objectharness/internal/sign"
	"objectharness/internal/wire"
	"objectharness/suites"
)

// TestBothFormsOfTheRequestLine sends every dialect's signed requests in
// origin-form, as servers are asked, and in absolute-form, as proxies are: the
// emulator takes both for the same, signature included.
func TestBothFormsOfTheRequestLine(t *testing.T) {
	forms := map[string]func(*wire.Request){
		"origin":            func(*wire.Request) {},
		"absolute":          func(r *wire.Request) { r.Target = "http://" + r.Fields.Get("Host") + r.Target },
		"absolute-capitals": func(r *wire.Request) { r.Target = "HTTP://" + r.Fields.Get("Host") + r.Target },
	}
	for _, name := range suites.Dialects() {
		for _, scheme := range mustDialect(t, name).Schemes {
			for form, change := range forms {
				t.Run(name+" "+scheme.Name()+" "+form, func(t *testing.T) { speaks(t, name, scheme, change) })
			}
		}
	}
}

// speaks puts and gets an object by requests that are changed once they are signed,
// with the signature in the header and in the URL.
func speaks(t *testing.T, name string, scheme sign.Scheme, change func(*wire.Request)) {
	b := newBench(t, mustDialect(t, name), emulator.Options{})
	for _, url := range []bool{false, true} {
		inURL := func(in *sign.Input) { in.Presign = url }
		put := client.Call{Method: "PUT", Bucket: b.subject.Bucket, Key: "a b+c", Body: []byte("content"), Scheme: scheme, Sign: inURL, Tamper: change}
		get := client.Call{Method: "GET", Bucket: b.subject.Bucket, Key: "a b+c", Scheme: scheme, Sign: inURL, Tamper: change}
		for _, call := range []client.Call{put, get} {
			r, err := b.subject.Owner.Do(t.Context(), call)
			if err != nil {
				t.Fatal(err)
			}
			if r.Status != 200 || call.Method == "GET" && string(r.Body) != "content" {
				t.Errorf("%s %s: got %d %s", call.Method, r.Request.Target, r.Status, r.Body)
			}
		}
	}
}
