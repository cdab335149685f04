package suites

import (
	"strings"
	"time"

	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// Mutations that every dialect shares. Names of fields and parameters are
// arguments: they are the documents'.

// otherMethod pairs methods, so that the change done twice is none.
var otherMethod = map[string]string{"GET": "DELETE", "DELETE": "GET", "PUT": "POST", "POST": "PUT", "HEAD": "OPTIONS", "OPTIONS": "HEAD"}

func swapMethod(r *wire.Request) { r.Method = otherMethod[r.Method] }

var (
	// otherVerb is sent as it should be and signed as if it had another method.
	otherVerb = mutation{name: "method", text: "over another method", before: swapMethod, tamper: swapMethod}
	// otherKey is signed for an object whose key is one letter longer.
	otherKey = mutation{name: "path", text: "over another key",
		sign:   func(in *sign.Input) { in.Resource += "x" },
		before: func(r *wire.Request) { r.Target = onPath(r.Target, func(p string) string { return p + "x" }) },
		tamper: func(r *wire.Request) {
			r.Target = onPath(r.Target, func(p string) string { return strings.TrimSuffix(p, "x") })
		},
	}
	otherSecret = mutation{name: "secret", text: "with another secret", sign: func(in *sign.Input) { in.SecretKey += "x" }}
	unknownKey  = mutation{name: "access-key", text: "by an access key that nobody has", sign: func(in *sign.Input) { in.AccessKey = "nosuchaccesskey00001" }}
)

// together does two mutations of what the signature is made with, signed and sent.
func together(name string, a, b mutation) mutation {
	return mutation{name: name, text: a.text + " and " + b.text, sign: all(a.sign, b.sign), before: all(a.before, b.before), tamper: all(a.tamper, b.tamper)}
}

// onPath changes the path of a target and keeps its query.
func onPath(target string, change func(string) string) string {
	path, query, asked := strings.Cut(target, "?")
	if path = change(path); asked {
		path += "?" + query
	}
	return path
}

// late is signed with a clock that is d ahead of ours; a negative d is behind.
func late(name string, d time.Duration) mutation {
	text := "with a clock " + d.Abs().String()
	if d < 0 {
		text += " behind"
	} else {
		text += " ahead"
	}
	return mutation{name: name, text: text, sign: func(in *sign.Input) { in.Time = in.Time.Add(d) }}
}

// lasting is signed to be valid for d, as it stands.
func lasting(name string, d time.Duration) mutation {
	return mutation{name: name, text: "for " + d.String(), sign: func(in *sign.Input) { in.Expires, in.Exact = d, true }}
}

// inRegion is signed for another region.
func inRegion(name, region string) mutation {
	return mutation{name: name, text: "for the region " + region, sign: func(in *sign.Input) { in.Region = region }}
}

// withToken is signed with a security token that nobody issued.
func withToken(token string) mutation {
	return mutation{name: "token", text: "with a security token that nobody issued", sign: func(in *sign.Input) { in.Token = token }}
}

// sentField is sent with a field changed after signing, or added.
func sentField(name, value string) mutation {
	return mutation{name: "field." + lower(name), text: "and sent with another " + name,
		tamper: func(r *wire.Request) { r.Fields.Set(name, value) }}
}

// withoutField is sent without a field that was signed, or must be there.
func withoutField(name string) mutation {
	return mutation{name: "without." + lower(name), text: "and sent without " + name,
		tamper: func(r *wire.Request) { r.Fields.Del(name) }}
}

// twiceField is sent with a field once more, in front of or behind the first.
func twiceField(name, value string, front bool) mutation {
	m := mutation{name: "twice." + lower(name), text: "and sent with a second " + name,
		tamper: func(r *wire.Request) { r.Fields.Add(name, value) }}
	if front {
		m.name += ".front"
		m.tamper = func(r *wire.Request) { r.Fields = append(wire.Fields{{Name: name, Value: value}}, r.Fields...) }
	}
	return m
}

// sentParam is sent with the value of a parameter changed after signing, or with
// the parameter added.
func sentParam(name, value string) mutation {
	return mutation{name: "param." + lower(name), text: "and sent with another " + name, tamper: func(r *wire.Request) { setParam(r, name, value) }}
}

// withoutParam is sent without a parameter that was signed, or must be there.
func withoutParam(name string) mutation {
	return mutation{name: "without." + lower(name), text: "and sent without " + name, tamper: func(r *wire.Request) { dropParam(r, name) }}
}

// twiceParam is sent with a parameter once more, in front of or behind the first.
func twiceParam(name, value string, front bool) mutation {
	m := mutation{name: "twice." + lower(name), text: "and sent with a second " + name,
		tamper: func(r *wire.Request) { sign.AddParam(r, name, value) }}
	if front {
		m.name += ".front"
		m.tamper = func(r *wire.Request) {
			onParams(r, func(p []string) []string { return append([]string{name + "=" + wire.Escape(value)}, p...) })
		}
	}
	return m
}

// oneByte is sent with one letter or digit of the signature changed: the first
// behind the last mark, in the Authorization field or else in the target.
func oneByte(mark string) mutation {
	return mutation{name: "signature", text: "and sent with one byte of the signature changed", tamper: func(r *wire.Request) {
		if text := r.Fields.Get("Authorization"); text != "" {
			r.Fields.Set("Authorization", changeAfter(text, mark))
			return
		}
		r.Target = changeAfter(r.Target, mark)
	}}
}

// changeAfter changes the first letter or digit behind the last mark of text
// that is not part of an escape.
func changeAfter(text, mark string) string {
	at := strings.LastIndex(text, mark) + len(mark)
	for text[at] == '%' {
		at += 3
	}
	for text[at] == '/' || text[at] == '+' {
		at++
	}
	c := byte('a')
	if text[at] == c {
		c = 'b'
	}
	return text[:at] + string(c) + text[at+1:]
}

// onParams changes the raw parameters of a request's target.
func onParams(r *wire.Request, change func([]string) []string) {
	path, query, _ := strings.Cut(r.Target, "?")
	var params []string
	if query != "" {
		params = strings.Split(query, "&")
	}
	r.Target = path
	if params = change(params); len(params) > 0 {
		r.Target += "?" + strings.Join(params, "&")
	}
}

// isParam tells whether a raw parameter has a name.
func isParam(raw, name string) bool {
	raw, _, _ = strings.Cut(raw, "=")
	return raw == wire.Escape(name)
}

func setParam(r *wire.Request, name, value string) {
	onParams(r, func(params []string) []string {
		for i, p := range params {
			if isParam(p, name) {
				params[i] = wire.Escape(name) + "=" + wire.Escape(value)
				return params
			}
		}
		return append(params, wire.Escape(name)+"="+wire.Escape(value))
	})
}

func dropParam(r *wire.Request, name string) {
	onParams(r, func(params []string) []string {
		kept := params[:0]
		for _, p := range params {
			if !isParam(p, name) {
				kept = append(kept, p)
			}
		}
		return kept
	})
}
