package sign

import (
	"encoding/base64"

	"objectharness/internal/wire"
)

// Policy64 is a POST policy as forms carry it.
func Policy64(policy string) string { return base64.StdEncoding.EncodeToString([]byte(policy)) }

// Part returns the form field called name, which must be there once. Names are
// compared without regard to letter case.
func (t *Trial) Part(form wire.Fields, name string) string {
	values := form.Values(name)
	if !t.Must(MissingField, len(values) > 0 && values[0] != "", name, "", "a value") || len(values) == 0 {
		return ""
	}
	t.Must(Repeated, len(values) == 1, name, "", "one")
	return values[0]
}

// Signed checks that a form carries at least one of the fields that sign it.
func (t *Trial) Signed(form wire.Fields, names ...string) bool {
	some := false
	for _, name := range names {
		some = some || form.Has(name)
	}
	t.Must(Anonymous, some, "", "", "")
	return some && t.No == nil
}

// AddToken adds a security token to a form, when there is one.
func AddToken(form wire.Fields, name, token string) wire.Fields {
	if token != "" {
		form.Add(name, token)
	}
	return form
}
