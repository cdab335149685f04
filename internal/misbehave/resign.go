package misbehave

import (
	"fmt"
	"strings"
	"time"

	"objectharness/internal/dialect"
	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// Resigner makes a Proxy.Resign: it signs requests of a dialect in the scheme's
// header form with these keys. in holds keys and region; its time and resource
// are filled in.
func Resigner(d *dialect.Dialect, in sign.Input, now func() time.Time) func(*wire.Request) error {
	return func(r *wire.Request) error {
		scheme, err := schemeOf(d, r.Fields.Get("Authorization"))
		if err != nil {
			return err
		}
		at := d.Locate(r.Fields.Get("Host"), r.Target, "")
		in := in
		in.Time, in.Resource = now(), at.Resource()
		r.Fields.Del("Authorization")
		for _, name := range []string{"Date", "x-oss-date", "x-amz-date", "x-bce-date"} {
			r.Fields.Del(name)
		}
		return sign.Apply(scheme, r, &in, nil)
	}
}

// marks are how Authorization begins in each scheme.
var marks = map[string]string{
	"bce-auth-v1": "bce-auth-v1/", "cos-sha1": "q-sign-algorithm", "oss-v1": "OSS ", "oss-v4": "OSS4-", "aws-sigv4": "AWS4-",
}

func schemeOf(d *dialect.Dialect, authorization string) (sign.Scheme, error) {
	for _, scheme := range d.Schemes {
		if mark := marks[scheme.Name()]; mark != "" && strings.HasPrefix(authorization, mark) {
			return scheme, nil
		}
	}
	return nil, fmt.Errorf("misbehave: no scheme of %s signs %.20q", d.Name, authorization)
}
