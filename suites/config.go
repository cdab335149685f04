package suites

import (
	"crypto/md5"
	"encoding/base64"
	"strings"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// Documents that a bucket is configured with, each under a parameter of its own.

// withDigest is the call with the Content-MD5 of its body, which some services
// ask for with a document.
func withDigest(call client.Call) client.Call {
	sum := md5.Sum(call.Body)
	call.Fields = append(call.Fields, Field("Content-MD5", base64.StdEncoding.EncodeToString(sum[:])))
	return call
}

// setConfig puts a document of the case's own bucket.
func (s *Scene) setConfig(sub, text string) client.Call {
	return withDigest(client.Call{Method: "PUT", Bucket: s.Own("b"), Query: configQuery(sub), Body: []byte(text)})
}

// config reads or removes it.
func (s *Scene) config(method, sub string) client.Call {
	return client.Call{Method: method, Bucket: s.Own("b"), Query: configQuery(sub)}
}

func configQuery(sub string) []wire.Param { return []wire.Param{{Name: sub, Bare: true}} }

// configured makes a bucket of the case's own with a document, and makes sure
// that it is kept.
func configured(sub, text string) Given {
	return func(s *Scene) {
		own("b")(s)
		s.Must(s.setConfig(sub, text))
		s.Keep(sub, string(s.Must(s.config("GET", sub)).Body))
	}
}

// configSame is the later look that the bucket has the document that configured
// gave it.
func configSame(sub string) After {
	return After{Text: "the document is as it was", Call: func(s *Scene) client.Call { return s.config("GET", sub) }, Want: Want{Body: kept(sub)}}
}

// configNone is the later look that there is no document.
func configNone(sub, code string) After {
	return After{Text: "there is no document", Call: func(s *Scene) client.Call { return s.config("GET", sub) }, Want: Refused(404, code)}
}

// xmlOf writes an element around others, or around a text.
func xmlOf(name string, inner ...string) string {
	return "<" + name + ">" + strings.Join(inner, "") + "</" + name + ">"
}
