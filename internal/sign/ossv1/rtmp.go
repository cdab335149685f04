package ossv1

import (
	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// AppendRTMP appends the three parameters that sign an RTMP push URL with the
// given target (path and query) for the channel in.Resource, "/bucket/channel".
// A token travels unsigned in SecurityToken.
func (Scheme) AppendRTMP(dst []byte, target string, in *sign.Input, steps *sign.Steps) []byte {
	sig := rtmpSignature(target, string(appendUntil(nil, in)), in.Resource, in.SecretKey, steps)
	pushed := *in
	pushed.Presign = true
	dst = wire.AppendEscape(appendHead(dst, &pushed), sig)
	if in.Token != "" {
		dst = wire.AppendEscape(append(dst, "&SecurityToken="...), in.Token)
	}
	return dst
}

// VerifyRTMP checks an RTMP push URL for the channel ck.Resource.
func (Scheme) VerifyRTMP(target string, ck *sign.Check, steps *sign.Steps) (*sign.Verified, error) {
	t := &sign.Trial{Check: ck}
	url := inQuery(target)
	if !t.Must(sign.Anonymous, url.any(), "", "", "") || !url.any() {
		return t.Result(&sign.Verified{Presigned: true})
	}
	end := readURL(t, url)
	token, _ := sign.Param(target, "SecurityToken")
	secret := t.Key(url.accessKey, token)
	stillGood(t, url.until, end)
	if t.No != nil {
		return nil, t.No
	}
	var own sign.Steps
	if steps == nil {
		steps = &own
	}
	sig := rtmpSignature(target, url.until, t.Resource, secret, steps)
	text, _ := steps.Get(sign.StepText)
	t.Signature(url.accessKey, url.sig, sig, []byte(text), nil)
	return t.Result(&sign.Verified{AccessKey: url.accessKey, Presigned: true})
}

var pushSet = sign.Set{Sep: ':', Name: sign.Unescaped, Value: sign.Unescaped, Signs: pushed, Sort: firstOfEach}

// pushed tells whether a parameter of a push URL is signed.
func pushed(name []byte) bool {
	switch string(name) {
	case keyParam, untilParam, sigParam, "SecurityToken":
		return false
	}
	return true
}

func rtmpSignature(target, end, resource, secret string, steps *sign.Steps) []byte {
	sc := sign.Borrow()
	defer sc.Return()
	sc.Query.Params(&pushSet, target, nil)
	b := append(append(sc.Text[:0], end...), '\n')
	if !sc.Query.Empty() {
		b = append(sc.Query.AppendLines(b, '\n'), '\n')
	}
	sc.Text = append(b, resource...)
	steps.AddText(StepResource, resource)
	return signText(nil, sc, sc.SealOf(&recipe, secret, nil), steps)
}
