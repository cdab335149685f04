package ossv4

import (
	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// Form signs a POST policy: the derived key signs the policy in base64.
func (Scheme) Form(policy string, in *sign.Input, steps *sign.Steps) (wire.Fields, error) {
	text := sign.Policy64(policy)
	c, date := v4.Credential(in)
	form := wire.Fields{
		{Name: "policy", Value: text}, {Name: versionName, Value: algorithm},
		{Name: credName, Value: string(c.Append(nil))}, {Name: dateName, Value: date},
		{Name: sigName, Value: v4.SignText(&c, in.SecretKey, text, steps)},
	}
	return sign.AddToken(form, tokenName, in.Token), nil
}

// VerifyForm checks the signature over the policy field and the scope. Neither
// skew nor validity is documented for forms: the policy has an expiration.
func (Scheme) VerifyForm(form wire.Fields, ck *sign.Check, steps *sign.Steps) (*sign.Verified, error) {
	t := &sign.Trial{Check: ck}
	if !t.Signed(form, versionName, credName, sigName, "policy") {
		return t.Result(&sign.Verified{})
	}
	policy, version := t.Part(form, "policy"), t.Part(form, versionName)
	t.Must(sign.UnknownScheme, version == algorithm, versionName, version, algorithm)
	a := authorization{Scope: readScope(t, credName, t.Part(form, credName), true), sig: t.Part(form, sigName)}
	date := t.Part(form, dateName)
	at, ok := sign.Parse(sign.V4Layout, date)
	t.Date(dateName, date, at, ok)
	checkScope(t, a, date)
	secret := t.Key(a.AccessKey, form.Get(tokenName))
	t.Signature(a.AccessKey, a.sig, []byte(v4.SignText(&a.Scope, secret, policy, steps)), []byte(policy), nil)
	return t.Result(&sign.Verified{AccessKey: a.AccessKey})
}
