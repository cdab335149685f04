package emulator

import (
	"slices"
	"strings"
	"time"

	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// authParams are the parameters of a signed URL that are its signature, behind
// the dialect's prefix.
var authParams = []string{"algorithm", "credential", "date", "expires", "signedheaders", "signature", "security-token", "content-sha256"}

// adopt lets the parameters of a signed URL that are called as the dialect's
// fields stand for them, where the dialect does.
func (c *call) adopt() {
	if !c.e.t.reading.paramFields || c.signForm() != "query" {
		return
	}
	for _, p := range c.query {
		name := strings.ToLower(p.Name)
		rest, own := strings.CutPrefix(name, c.e.d.Prefix)
		if own && !slices.Contains(authParams, rest) && !c.in.Fields.Has(name) && c.does("presign.fields-in-url") {
			c.in.Fields = append(slices.Clip(c.in.Fields), wire.Field{Name: name, Value: p.Value})
		}
	}
}

// oldURL tells that a URL was signed longer ago than the tolerance that headers
// have.
func (c *call) oldURL() bool {
	text, _ := c.param("X-Amz-Date")
	at, err := time.Parse("20060102T150405Z", text)
	return err == nil && c.signForm() == "query" && c.now.Sub(at) > 2*sign.DefaultSkew
}

// unsignedInURL tells that a request by URL has a field that the URL does not
// sign, and that need not be signed.
func (c *call) unsignedInURL(wanted func(name string) bool) bool {
	names, ok := c.param("X-Amz-SignedHeaders")
	signed := strings.Split(names, ";")
	return ok && slices.ContainsFunc(c.in.Fields, func(f wire.Field) bool {
		name := strings.ToLower(f.Name)
		return wanted(name) && !slices.Contains(signed, name)
	})
}

func (c *call) unsignedTypeInURL() bool {
	return c.unsignedInURL(func(name string) bool { return name == "content-type" })
}

func (c *call) unsignedCustomInURL() bool {
	return c.unsignedInURL(func(name string) bool {
		return strings.HasPrefix(name, "x-") && !strings.HasPrefix(name, c.e.d.Prefix)
	})
}
