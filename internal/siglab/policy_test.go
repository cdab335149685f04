package siglab

import (
	"slices"
	"strings"
	"testing"
	"time"

	"objectharness/internal/sign"
	"objectharness/internal/sign/schemes"
)

// TestPolicySteps signs a policy with every scheme: the fields verify, the steps
// lead from the text to the signature, and nothing secret is printed.
func TestPolicySteps(t *testing.T) {
	const policy = `{"expiration":"2024-03-01T00:00:00Z","conditions":[["starts-with","$key","标 ~*"]]}`
	at := time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC)
	for _, s := range schemes.All() {
		q := &Ask{Scheme: s.Name(), AccessKey: "AK", SecretKey: "canary-secret", Token: "canary-token", Now: at, Region: "r-1"}
		form, err := SignPolicy(q, policy)
		if err != nil {
			t.Fatal(err)
		}
		ck := &sign.Check{Now: at, Region: "r-1", Keys: func(string) (string, string, bool) { return q.SecretKey, q.Token, true }}
		if _, err := s.(sign.FormScheme).VerifyForm(form.Fields, ck, nil); err != nil {
			t.Errorf("%s: %v", s.Name(), err)
		}
		var out strings.Builder
		form.Write(&out)
		signature := form.Steps.List[len(form.Steps.List)-1].Value
		if values := strings.Split(out.String(), "\n"); !slices.ContainsFunc(values, func(l string) bool { return strings.HasSuffix(l, ": "+signature) }) {
			t.Errorf("%s: no field has the signature of the last step:\n%s", s.Name(), out.String())
		}
		secrets := []string{q.SecretKey, q.Token}
		for _, step := range form.Steps.List {
			if step.Secret {
				secrets = append(secrets, step.Value)
			}
		}
		for _, secret := range secrets {
			if strings.Contains(out.String(), secret) {
				t.Errorf("%s prints %q:\n%s", s.Name(), secret, out.String())
			}
		}
	}
	if _, err := SignPolicy(&Ask{Scheme: "none"}, policy); err == nil {
		t.Error("an unknown scheme signs")
	}
}
