// Package schemes lists the signature schemes by name.
package schemes

import (
	"objectharness/internal/sign"
	"objectharness/internal/sign/bcev1"
	"objectharness/internal/sign/cossha1"
	"objectharness/internal/sign/ossv1"
	"objectharness/internal/sign/ossv4"
	"objectharness/internal/sign/sigv4"
)

// All returns the schemes in the order of their names.
func All() []sign.Scheme {
	return []sign.Scheme{sigv4.Scheme{}, bcev1.Scheme{}, cossha1.Scheme{}, ossv1.Scheme{}, ossv4.Scheme{}}
}

// ByName returns the scheme called name (bce-auth-v1, cos-sha1, oss-v1, oss-v4,
// aws-sigv4), or nil.
func ByName(name string) sign.Scheme {
	for _, s := range All() {
		if s.Name() == name {
			return s
		}
	}
	return nil
}
