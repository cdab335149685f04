package siglab

import (
	"encoding/hex"
	"strings"
	"time"

	"objectharness/internal/dialect"
	"objectharness/internal/sign"
)

// A Complaint is what a server's error body says of a signature. Texts that it
// does not show are "".
type Complaint struct {
	Code, Message        string
	StringToSign         string
	CanonicalRequest     string // COS calls it FormatString
	AccessKey, Signature string
	RequestTime, Now     string            // of a clock that is off
	Region               string            // that the server expects
	Unsigned             string            // names of fields that should be signed
	Extra                map[string]string // every further member
}

// ReadComplaint reads an error body of a dialect. Its errors wrap dialect.ErrBody.
func ReadComplaint(d *dialect.Dialect, body []byte) (c Complaint, err error) {
	said, err := d.DecodeError([]byte(strings.TrimSpace(string(body))))
	if err != nil {
		return c, err
	}
	c = Complaint{Code: said.Code, Message: said.Message, Extra: map[string]string{}}
	for _, f := range said.Extra {
		c.Extra[f.Name] = f.Value
	}
	c.StringToSign = c.exact("StringToSign")
	c.CanonicalRequest = c.exact("CanonicalRequest") + c.Extra["FormatString"]
	c.AccessKey, c.Signature = c.Extra["OSSAccessKeyId"]+c.Extra["AWSAccessKeyId"], c.Extra["SignatureProvided"]
	c.RequestTime, c.Now = c.Extra["RequestTime"], c.Extra["ServerTime"]
	c.Region, c.Unsigned = c.Extra["Region"], c.Extra["HeadersNotSigned"]
	return c, nil
}

// exact is a text as its bytes are listed beside it: unlike the text itself they
// come through XML and copying unchanged.
func (c *Complaint) exact(name string) string {
	digits := strings.Join(strings.Fields(c.Extra[name+"Bytes"]), "")
	if raw, err := hex.DecodeString(digits); err == nil && len(raw) > 0 {
		return string(raw)
	}
	return c.Extra[name]
}

// text is all that the server printed of its signature.
func (c *Complaint) text() string { return c.CanonicalRequest + c.StringToSign }

// date is the time in the string to sign, or zero.
func (c *Complaint) date() time.Time {
	lines := append(strings.Split(c.StringToSign, "\n"), "", "", "", "")
	if at, ok := sign.Parse(compact, lines[1]); ok {
		return at
	}
	if first, _, window := strings.Cut(lines[1], ";"); window {
		at, _ := sign.Epoch(first)
		return at
	}
	at, _ := sign.Parse("Mon, 02 Jan 2006 15:04:05 GMT", lines[3])
	return at
}

// end is the end of a signed URL's validity, where oss-v1 has it in the place of
// the date.
func (c *Complaint) end() (time.Time, bool) {
	lines := append(strings.Split(c.StringToSign, "\n"), "", "", "", "")
	return sign.Epoch(lines[3])
}

// region is the one in the scope of the string to sign, or "".
func (c *Complaint) region() string {
	lines := append(strings.Split(c.StringToSign, "\n"), "", "", "")
	if scope := strings.Split(lines[2], "/"); len(scope) == 4 {
		return scope[1]
	}
	return ""
}
