package schemes_test

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"objectharness/internal/sign"
	"objectharness/internal/sign/schemes"
	"objectharness/internal/wire"
)

// TestFormsVerify signs random policies: each is accepted as it is, and refused
// with any byte of a signed field changed.
func TestFormsVerify(t *testing.T) {
	for _, s := range schemes.All() {
		forms := s.(sign.FormScheme)
		rng := rand.New(rand.NewPCG(7, 8))
		for range 40 {
			in := inputFor("", []string{"", "to/ken+=="}[rng.IntN(2)], false)
			form, err := forms.Form(`{"expiration":"`+randomText(rng, 40)+`"}`, in, nil)
			if err != nil {
				t.Fatal(err)
			}
			ck := checkFor(in)
			if v, err := forms.VerifyForm(form, ck, nil); err != nil || v.AccessKey != in.AccessKey {
				t.Fatalf("%s: %v and %v for %v", s.Name(), v, err, form)
			}
			for i, f := range form {
				if strings.HasSuffix(f.Name, "-date") {
					continue // only its day is signed, with the scope
				}
				end := len(f.Value)
				if s.Name() == "cos-sha1" && f.Name == "policy" {
					end -= 4 // the text is signed: the last characters of its base64 hold bits that are none of it
				}
				for at := range end {
					changed := form.Clone()
					changed[i].Value = f.Value[:at] + string(other(f.Value[at])) + f.Value[at+1:]
					refused(t, s.Name()+" "+f.Name, func() error { _, err := forms.VerifyForm(changed, ck, nil); return err })
				}
			}
		}
	}
}

// other is another character, and another letter even where case is nothing.
func other(c byte) byte {
	if c == '1' {
		return '2'
	}
	return '1'
}

func refused(t *testing.T, what string, verify func() error) {
	t.Helper()
	var no *sign.Refusal
	if err := verify(); !errors.As(err, &no) {
		t.Fatalf("%s changed: got %v, want a refusal", what, err)
	}
}

// TestEverySignedByte changes each byte of what is signed, one at a time.
func TestEverySignedByte(t *testing.T) {
	each(t, func(t *testing.T, rng *rand.Rand, s sign.Scheme, r *wire.Request, in *sign.Input) {
		if rng.IntN(12) != 0 {
			return
		}
		verify := func(r *wire.Request, ck *sign.Check) func() error {
			return func() error { _, err := s.Verify(r, ck, nil); return err }
		}
		for _, name := range []string{"Content-Type", "Authorization", "x-" + prefixes[s.Name()] + "-meta-a"} {
			value := r.Fields.Get(name)
			for at := range len(value) {
				if value[at] == ' ' || name == "Content-Type" && in.Presign || unsigned(value, at) {
					continue
				}
				changed := *r
				changed.Fields = r.Fields.Clone()
				changed.Fields.Set(name, value[:at]+string(other(value[at]))+value[at+1:])
				if name != "Authorization" { // which is not repeated
					changed.Fields = r.Fields.Clone()
					for i := range changed.Fields {
						if changed.Fields[i].Value == value {
							changed.Fields[i].Value = value[:at] + string(other(value[at])) + value[at+1:]
						}
					}
				}
				refused(t, s.Name()+" "+name+" "+value, verify(&changed, checkFor(in)))
			}
		}
		for at := range len(in.Resource) {
			changed, ck := *r, checkFor(in)
			if _, query, ok := strings.Cut(r.Target, "?"); at > 2 {
				key := in.Resource[2:at] + string(other(in.Resource[at])) + in.Resource[at+1:]
				if changed.Target = wire.EscapePath(key); ok {
					changed.Target += "?" + query
				}
			}
			ck.Resource = in.Resource[:at] + string(other(in.Resource[at])) + in.Resource[at+1:]
			if at > 2 && in.Resource[at] != '1' {
				refused(t, s.Name()+" resource", verify(&changed, ck))
			}
		}
	})
}

// unsigned tells whether text[at] is in a part of a COS signature that nothing
// signs: q-sign-time, or a list, in which a repeated name does not matter.
func unsigned(text string, at int) bool {
	within := func(from, to string) bool {
		i := strings.Index(text, from)
		return i >= 0 && at >= i && at < strings.Index(text, to)
	}
	return within("q-sign-time=", "&q-key-time") || within("q-header-list=", "&q-signature")
}
