package cossha1

import (
	"slices"
	"strings"
	"time"

	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// parts are the names of an authorization's parts, in their order.
var parts = [...]string{"q-sign-algorithm", "q-ak", "q-sign-time", "q-key-time", "q-header-list", "q-url-param-list", "q-signature"}

// queryAuth gathers the parts that stand in the query, or the value of sign=, as
// raw authorization pairs; count is 0 when there is no signature.
func queryAuth(r *wire.Request) (pairs []wire.Param, count int) {
	for p := range sign.Params(r.Target) {
		if p.Name == "sign" && strings.HasPrefix(p.Value, "q-") {
			return split(p.Value), 1
		}
		for _, name := range parts {
			if p.Name == name {
				pairs = append(pairs, p)
			}
		}
	}
	return pairs, len(pairs)
}

func split(text string) (pairs []wire.Param) {
	for part := range strings.SplitSeq(sign.Trim(text), "&") {
		name, value, eq := strings.Cut(part, "=")
		pairs = append(pairs, wire.Param{Name: name, Value: value, Bare: !eq})
	}
	return pairs
}

// claim is the text taken apart.
type claim struct {
	algorithm, accessKey, signTime, keyTime, fields, params, sig string
}

func read(t *sign.Trial, pairs []wire.Param) (a claim) {
	into := [...]*string{&a.algorithm, &a.accessKey, &a.signTime, &a.keyTime, &a.fields, &a.params, &a.sig}
	for i, name := range parts {
		n := 0
		for _, p := range pairs {
			if p.Name == name {
				if n == 0 {
					*into[i] = p.Value
				}
				n++
			}
		}
		list := i == 4 || i == 5
		t.Must(sign.MissingField, n > 0 && (list || *into[i] != ""), name, "", "a value")
		t.Must(sign.Repeated, n < 2, name, "", "one")
	}
	// What is missing was refused as missing, and is not refused for its form.
	t.Must(sign.UnknownScheme, a.algorithm == "" || a.algorithm == "sha1", parts[0], a.algorithm, "sha1")
	t.Must(sign.Malformed, a.sig == "" || sign.IsHex(a.sig, 40), "q-signature", a.sig, "40 lower-case hexadecimal digits")
	return a
}

// Verify checks the Authorization field, the seven parameters or the sign
// parameter. Only what the lists name is protected; MaxValid is looked at where
// it is set, and Skew widens the start of the window.
func (Scheme) Verify(r *wire.Request, ck *sign.Check, steps *sign.Steps) (*sign.Verified, error) {
	t := &sign.Trial{Check: ck}
	headers := r.Fields.Values("Authorization")
	pairs, params := queryAuth(r)
	if !t.Must(sign.Anonymous, len(headers)+params > 0, "", "", "") || len(headers)+params == 0 {
		return t.Result(sign.Accept(r, "", false))
	}
	t.Must(sign.Both, len(headers) == 0 || params == 0, "Authorization", "", "")
	t.Must(sign.Repeated, len(headers) < 2, "Authorization", "", "one")
	if len(headers) > 0 {
		pairs = split(headers[0])
	}
	t.Once(r, tokenName)
	a := read(t, pairs)
	windowOpen(t, "q-sign-time", a.signTime)
	windowOpen(t, "q-key-time", a.keyTime)
	secret := t.Key(a.accessKey, token(r))
	if t.No != nil {
		return nil, t.No
	}
	sc := sign.Borrow()
	defer sc.Return()
	collect(sc, r, &selection{fields: names(a.fields), params: names(a.params)})
	seal := sc.SealOf(&recipe, secret, []byte(a.keyTime))
	seal.Text = appendText(seal.Text, &sign.Input{KeyTime: a.keyTime})
	sig := compute(nil, sc, r, seal, []byte(a.fields), []byte(a.params), steps)
	t.Signature(a.accessKey, a.sig, sig, sc.Text, sc.More)
	return t.Result(sign.Accept(r, a.accessKey, len(headers) == 0))
}

// names splits a list and sorts it, so that a long one can be searched.
func names(list string) []string {
	if list == "" {
		return nil
	}
	names := strings.Split(list, ";")
	slices.Sort(names)
	return names
}

func token(r *wire.Request) string {
	if v := r.Fields.Get(tokenName); v != "" {
		return v
	}
	v, _ := sign.Param(r.Target, tokenName)
	return v
}

// windowOpen checks that now is inside a window of the form start;end, both ends
// included. One that is not there was refused as missing.
func windowOpen(t *sign.Trial, name, text string) {
	if text == "" {
		return
	}
	first, last, two := strings.Cut(text, ";")
	start, ok1 := sign.Epoch(first)
	end, ok2 := sign.Epoch(last)
	readable := two && ok1 && ok2
	t.Must(sign.BadDate, readable, name, text, "start;end in seconds since 1970")
	if !readable {
		return
	}
	long := end.Sub(start)
	t.Must(sign.ExpiresRange, long >= 0 && (t.MaxValid == 0 || long <= t.MaxValid), name, text, "an end after the start")
	t.Must(sign.NotYetValid, start.Sub(t.Now) <= t.Skew, name, text, "a start before "+clock(t.Now))
	t.Must(sign.Expired, !t.Now.After(end), name, text, "an end after "+clock(t.Now))
}

func clock(t time.Time) string { return t.UTC().Format(time.RFC3339) }
