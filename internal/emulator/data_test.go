package emulator_test

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"

	"objectharness/internal/dialect/s3"
	"objectharness/internal/emulator"
)

// The directory is the main emulator's: private ones and those with other
// limits do not ask for it a second time, and Close gives it back.
func TestDataIsOfTheMainEmulator(t *testing.T) {
	o := emulator.Options{Data: t.TempDir(), Seed: 9}
	c, err := emulator.NewControl("t", s3.New(), o)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range [][3]string{{"POST", "/emulators", "{}"}, {"PUT", "/limits", `{"limits": {"Parts": 5}}`}} {
		r, w := httptest.NewRequest(x[0], x[1], strings.NewReader(x[2])), httptest.NewRecorder()
		r.Header.Set("Authorization", "Bearer t")
		c.ServeHTTP(w, r)
		if w.Code >= 300 {
			t.Errorf("%s %s: %d %s", x[0], x[1], w.Code, w.Body)
		}
	}
	if _, err := emulator.New(s3.New(), o); !errors.Is(err, emulator.ErrData) {
		t.Errorf("a second main emulator: %v, want ErrData", err)
	}
	c.Close()
	e, err := emulator.New(s3.New(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if seed, ok, err := emulator.SeedOf(o.Data); seed != 9 || !ok || err != nil {
		t.Errorf("seed %d, %v, %v", seed, ok, err)
	}
}
