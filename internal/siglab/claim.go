package siglab

import (
	"strconv"
	"strings"
	"time"

	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// A Claim is a signature that a request carries already, as its client made it.
// Its zero value is none.
type Claim struct {
	AccessKey, Signature string
	Names, Params        []string // what it says is signed; nil for the scheme's default set
	Time                 time.Time
	Expires              time.Duration
	HasExpires           bool
	Region, Service      string
	KeyTime              string // COS, where it differs from the signing time
	InQuery              bool
}

// parameters of a signed URL that are the signature's, by scheme.
var parameters = map[string][]string{
	"bce-auth-v1": {"authorization"},
	"cos-sha1":    {"q-sign-algorithm", "q-ak", "q-sign-time", "q-key-time", "q-header-list", "q-url-param-list", "q-signature", "sign"},
	"oss-v1":      {"OSSAccessKeyId", "Expires", "Signature"},
	"oss-v4": {"x-oss-signature-version", "x-oss-credential", "x-oss-date", "x-oss-expires", "x-oss-additional-headers",
		"x-oss-signature"},
	"aws-sigv4": {"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Signature"},
}

// takeClaim reads the signature that r carries and takes it out of r.
func takeClaim(scheme string, r *wire.Request) (c Claim) {
	field := r.Fields.Get("Authorization")
	r.Fields.Del("Authorization")
	parts := takeParams(scheme, r)
	switch scheme {
	case "bce-auth-v1":
		if v := parts["authorization"]; v != "" {
			field = v
		}
		c.readBCE(field)
	case "cos-sha1":
		if v := parts["sign"]; v != "" {
			field = v
		}
		c.readCOS(withPairs(parts, field, "&"))
	case "oss-v1":
		c.readOSS1(r, field, parts)
	default:
		_, rest, _ := strings.Cut(field, " ")
		c.readV4(r, withPairs(parts, rest, ","), scheme)
	}
	c.InQuery = len(parts) > 0
	return c
}

// takeParams takes the signature's parameters out of the target.
func takeParams(scheme string, r *wire.Request) map[string]string {
	path, query := wire.SplitTarget(r.Target)
	found := map[string]string{}
	var kept []string
	for part := range strings.SplitSeq(query, "&") {
		p := append(wire.ParseQuery(part), wire.Param{})[0]
		if isOne(parameters[scheme], p.Name) && (p.Name != "sign" || strings.HasPrefix(p.Value, "q-")) {
			found[p.Name] = p.Value
			continue
		}
		kept = append(kept, part)
	}
	if len(found) > 0 {
		r.Target = path
		if rest := strings.Join(kept, "&"); rest != "" {
			r.Target += "?" + rest
		}
	}
	return found
}

func isOne(names []string, name string) bool {
	for _, n := range names {
		if n == name {
			return true
		}
	}
	return false
}

// withPairs adds name=value pairs of a text to those found elsewhere.
func withPairs(parts map[string]string, text, sep string) map[string]string {
	all := map[string]string{}
	for part := range strings.SplitSeq(text, sep) {
		if name, value, eq := strings.Cut(sign.Trim(part), "="); eq {
			all[name] = value
		}
	}
	for name, value := range parts {
		all[name] = value
	}
	return all
}

func (c *Claim) readBCE(text string) {
	parts := strings.Split(text, "/")
	if len(parts) != 6 {
		return
	}
	c.AccessKey, c.Signature = parts[1], parts[5]
	c.Time, _ = sign.Parse("2006-01-02T15:04:05Z", parts[2])
	c.Expires, c.HasExpires = sign.Seconds(parts[3])
	c.Names = list(parts[4])
}

// list splits names between semicolons; none are nil.
func list(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, ";")
}

func (c *Claim) readCOS(parts map[string]string) {
	c.AccessKey, c.Signature = parts["q-ak"], parts["q-signature"]
	if c.Signature == "" {
		return
	}
	first, last, _ := strings.Cut(parts["q-sign-time"], ";")
	start, ok1 := sign.Epoch(first)
	end, ok2 := sign.Epoch(last)
	if ok1 && ok2 {
		c.Time, c.Expires, c.HasExpires = start, end.Sub(start), true
	}
	if key := parts["q-key-time"]; key != parts["q-sign-time"] {
		c.KeyTime = key
	}
	c.Names, c.Params = plain(parts["q-header-list"]), plain(parts["q-url-param-list"])
}

// plain is a list of escaped names, unescaped; unlike list it is never nil.
func plain(text string) []string {
	names := []string{}
	for _, name := range list(text) {
		name, _ = wire.Unescape(name)
		names = append(names, name)
	}
	return names
}

func (c *Claim) readOSS1(r *wire.Request, field string, parts map[string]string) {
	if rest, ok := strings.CutPrefix(field, "OSS "); ok {
		c.AccessKey, c.Signature, _ = strings.Cut(rest, ":")
		c.Time, _ = sign.Parse("Mon, 02 Jan 2006 15:04:05 GMT", r.Fields.Get("Date"))
		return
	}
	c.AccessKey, c.Signature = parts["OSSAccessKeyId"], parts["Signature"]
	if end, ok := sign.Epoch(parts["Expires"]); ok {
		c.Time, c.HasExpires = end, true
	}
}

// compact is the form of time that both fourth versions use.
const compact = "20060102T150405Z"

func (c *Claim) readV4(r *wire.Request, parts map[string]string, scheme string) {
	prefix := "x-oss-"
	names, date := parts["AdditionalHeaders"]+parts["x-oss-additional-headers"], parts["x-oss-date"]
	if scheme == "aws-sigv4" {
		prefix = "X-Amz-"
		names, date = parts["SignedHeaders"]+parts["X-Amz-SignedHeaders"], parts["X-Amz-Date"]
	}
	credential := parts["Credential"] + parts[prefix+"Credential"] + parts[prefix+"credential"]
	c.Signature = parts["Signature"] + parts[prefix+"Signature"] + parts[prefix+"signature"]
	scope := append(strings.Split(credential, "/"), "", "", "", "")
	c.AccessKey, c.Region, c.Service = scope[0], scope[2], scope[3]
	c.Names = list(names)
	if date == "" && c.Signature != "" {
		date = r.Fields.Get(prefix + "Date")
	}
	c.Time, _ = sign.Parse(compact, date)
	if seconds, err := strconv.Atoi(parts[prefix+"Expires"] + parts[prefix+"expires"]); err == nil {
		c.Expires, c.HasExpires = time.Duration(seconds)*time.Second, true
	}
}
