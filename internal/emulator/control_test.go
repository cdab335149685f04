package emulator_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"objectharness/internal/dialect/all"
	"objectharness/internal/emulator"
)

// The control interface takes nothing without the token, and says what is wrong
// with what it gets.
func TestControlRefuses(t *testing.T) {
	d, err := all.ByName("oss")
	if err != nil {
		t.Fatal(err)
	}
	c, err := emulator.NewControl("t", d, emulator.Options{})
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(c)
	defer front.Close()
	defer c.Close()
	for _, x := range []struct {
		token, method, path, body string
		status                    int
		says                      string
	}{
		{"", "POST", "/emulators", "{}", 401, "token"},
		{"Bearer x", "PUT", "/clock", "{}", 401, "token"},
		{"Bearer t", "GET", "/emulators", "", 405, ""},
		{"Bearer t", "GET", "/nothing", "", 404, ""},
		{"Bearer t", "POST", "/emulators", `{"colour": 1}`, 400, "colour"},
		{"Bearer t", "POST", "/emulators", `{"limits": {"Nothing": 1}}`, 400, "Nothing"},
		{"Bearer t", "POST", "/emulators", `{"deviate": ["no.rule"]}`, 400, "no.rule"},
		{"Bearer t", "POST", "/emulators", `{}`, 201, `"id":"1"`},
		{"Bearer t", "PUT", "/emulators/1/clock", `{"clock": "2020-01-01T00:00:00Z"}`, 204, ""},
		{"Bearer t", "PUT", "/emulators/9/clock", `{}`, 404, "9"},
		{"Bearer t", "DELETE", "/emulators/1", "", 204, ""},
		{"Bearer t", "DELETE", "/emulators/1", "", 404, "no private emulator"},
		{"Bearer t", "PUT", "/clock", `{"clock": "soon"}`, 400, "clock"},
		{"Bearer t", "PUT", "/accounts", `{"accounts": [{"id": "1", "access_key": "a", "secret_key": "b"}]}`, 204, ""},
		{"Bearer t", "PUT", "/limits", `{"limits": {"Parts": 5}}`, 204, ""},
		{"Bearer t", "PUT", "/limits", `{"limits": {"Parts": -5}}`, 400, "out of range"},
	} {
		r, err := http.NewRequest(x.method, front.URL+x.path, strings.NewReader(x.body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", x.token)
		got, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(got.Body)
		got.Body.Close()
		if got.StatusCode != x.status || !strings.Contains(string(text), x.says) {
			t.Errorf("%s %s %s: %d %s, want %d with %q", x.method, x.path, x.body, got.StatusCode, text, x.status, x.says)
		}
	}
}

func TestControlHasABound(t *testing.T) {
	d, err := all.ByName("oss")
	if err != nil {
		t.Fatal(err)
	}
	c, err := emulator.NewControl("t", d, emulator.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for i := range emulator.ControlPrivateMax + 1 {
		r, w := httptest.NewRequest("POST", "/emulators", strings.NewReader("{}")), httptest.NewRecorder()
		r.Header.Set("Authorization", "Bearer t")
		c.ServeHTTP(w, r)
		want := http.StatusCreated
		if i == emulator.ControlPrivateMax {
			want = http.StatusServiceUnavailable
		}
		if w.Code != want {
			t.Fatalf("private emulator %d: status %d, want %d", i+1, w.Code, want)
		}
	}
}
