package suites

import (
	"strings"

	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// ossV4Names are the names of the fields that V4 signs in addition. Every
// signature here is right: a server that only compares signatures accepts it.
func ossV4Names(b *Book) {
	v4Both(b, func(f form) {
		b.refusals(f, asks,
			invalid("OSS-XV4-22", relisted("additional-empty-last", "host", "host;")),
			invalid("OSS-XV4-22", relisted("additional-empty-first", "host", ";host")),
			invalid("OSS-XV4-22", relisted("additional-empty-between", "cache-control;host", "cache-control;;host").having("Cache-Control", "no-cache")),
			invalid("OSS-XV4-23", relisted("additional-unsent", "host", "host;range")),
			invalid("OSS-XV4-23", relisted("additional-unsent-first", "host", "cache-control;host")),
			invalid("OSS-XV4-23", ossNamedOnly),
			invalid("OSS-XV4-24", adding("additional-underscore", "harness_mark").having("harness_mark", "one")))
	})
	b.acceptances(ossV4, asks, wrong{adding("additional-host", "host"), Row{Clauses: "OSS-XV4-01", Rests: "OSS-XDEL-01"}})
	b.acceptances(ossV4URL, asks, wrong{adding("additional-host", "host"), Row{Clauses: "OSS-XV4-17", Rests: "OSS-XDEL-01"}})
}

// adding is signed with further fields: names between semicolons.
func adding(name, names string) mutation {
	return mutation{name: name, text: "with the additional fields " + names, sign: func(in *sign.Input) { in.Signed = strings.Split(names, ";") }}
}

// having is signed and sent with one more field.
func (m mutation) having(name, value string) mutation {
	m.before = func(r *wire.Request) { r.Fields.Add(name, value) }
	return m
}

// relisted is adding, but the list that is signed and sent says other names.
func relisted(name, signed, says string) mutation {
	m := adding(name, says)
	m.sign = adding(name, signed).sign
	param := func(list string) string { return "x-oss-additional-headers=" + wire.Escape(list) + "&" }
	m.spell = strings.NewReplacer("\n"+signed+"\nUNSIGNED-PAYLOAD", "\n"+says+"\nUNSIGNED-PAYLOAD", param(signed), param(says)).Replace
	sent := strings.NewReplacer("AdditionalHeaders="+signed+",", "AdditionalHeaders="+says+",", param(signed), param(says))
	m.tamper = func(r *wire.Request) {
		r.Target = sent.Replace(r.Target)
		if a := r.Fields.Get("Authorization"); a != "" {
			r.Fields.Set("Authorization", sent.Replace(a))
		}
	}
	return m
}

// ossNamedOnly says that it signs Cache-Control, and neither signs nor sends it.
var ossNamedOnly = func() mutation {
	m := adding("additional-named-only", "cache-control").having("Cache-Control", "no-cache")
	m.text = "with an additional field that is neither signed nor sent"
	m.spell = replaced("cache-control:no-cache\n", "")
	m.tamper = func(r *wire.Request) { r.Fields.Del("Cache-Control") }
	return m
}()
