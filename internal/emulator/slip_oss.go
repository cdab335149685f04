package emulator

import (
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// ossV1 is the first signature of OSS: four lines, the x-oss- fields with a line
// each, and the resource.
var ossV1 = spelling{
	text: func(r *sign.Refusal) string { return r.StringToSign },
	sign: func(c *call, r *sign.Refusal, text string) string {
		a, _ := c.e.account(r.AccessKey)
		sum := sign.HMAC1([]byte(a.SecretKey), []byte(text))
		return base64.StdEncoding.EncodeToString(sum[:])
	},
	slips: []slip{
		{part: "verb", texts: otherVerbs},
		{part: "content-md5", texts: without(1)},
		{part: "content-type", texts: without(2)},
		{part: "date", texts: datedOtherwise},
		{part: "expires", texts: without(3)},
		{part: "order", texts: swappedLines},
		{part: "fields", texts: v1Fields(dropField(true))},
		{part: "unknown-fields", texts: v1Fields(dropField(false))},
		{part: "token", texts: v1Fields(dropToken)},
		{part: "other-fields", texts: v1Fields(addOthers)},
		{part: "field-case", texts: v1Fields(namesAsSent)},
		{part: "field-order", texts: v1Fields(reversed)},
		{part: "field-blanks", texts: v1Fields(blankAfterColon)},
		{part: "field-ends", texts: joinedToResource},
		{part: "no-fields", texts: v1Fields(emptyLine)},
		{part: "bucket", texts: v1Resource(withoutBucket)},
		{part: "bucket-slash", texts: v1Resource(withoutSlash)},
		{part: "service", texts: v1Resource(withoutRoot)},
		{part: "utf8", texts: v1Resource(escapedKey)},
		{part: "sub-order", texts: v1Subs(func(_ *call, subs []string) [][]string { return one(reverse(subs)) })},
		{part: "sub-bare", texts: v1Subs(withEquals)},
		{part: "sub-resource", texts: v1Subs(leftOut)},
		{part: "sub-encoded", texts: v1Subs(escapedValues)},
		{part: "other-params", texts: v1Subs(everyParam)},
	},
	shape: func(sig string) string {
		raw, err := base64.StdEncoding.DecodeString(sig)
		if err != nil {
			return sig
		}
		return hex.EncodeToString(raw)
	},
	first:     []string{"OSSAccessKeyId", "Expires", "Signature"}, // OSS-SIGN-URL-12
	unbounded: true,                                               // OSS-SIGN-URL-24: the bound is one of the console
}

// otherVerbs is the text with each other method in its first line.
func otherVerbs(_ *call, text string) (out []string) {
	for _, verb := range []string{"GET", "PUT", "POST", "HEAD", "DELETE", "OPTIONS"} {
		out = append(out, line(text, 0, func(string) string { return verb }))
	}
	return out
}

// datedOtherwise has the same instant in another form of date.
func datedOtherwise(_ *call, text string) []string {
	return []string{line(text, 3, func(date string) string {
		at, err := time.Parse(time.RFC1123, date)
		if err != nil {
			return date
		}
		return at.Format("2006-01-02T15:04:05Z")
	})}
}

// swappedLines has two neighbours of the first four lines in the wrong order.
func swappedLines(_ *call, text string) (out []string) {
	for i := range 3 {
		lines := strings.Split(text, "\n")
		lines[i], lines[i+1] = lines[i+1], lines[i]
		out = append(out, strings.Join(lines, "\n"))
	}
	return out
}

// v1Parts cuts a text into its four lines, its fields and its resource.
func v1Parts(text string) (head string, fields []string, resource string) {
	lines := strings.Split(text, "\n")
	last := len(lines) - 1
	return strings.Join(lines[:4], "\n") + "\n", lines[4:last], lines[last]
}

// v1Fields changes the lines of the fields.
func v1Fields(change func(c *call, fields []string) [][]string) func(*call, string) []string {
	return func(c *call, text string) (out []string) {
		head, fields, resource := v1Parts(text)
		for _, f := range change(c, slices.Clone(fields)) {
			out = append(out, head+strings.Join(append(f, resource), "\n"))
		}
		return out
	}
}

func one[T any](v T) []T { return []T{v} }

func reverse(list []string) []string {
	list = slices.Clone(list)
	slices.Reverse(list)
	return list
}

// leftOut is the list without each of its elements, and without any.
func leftOut(_ *call, list []string) (out [][]string) {
	for i := range list {
		out = append(out, slices.Delete(slices.Clone(list), i, i+1))
	}
	return append(out, nil)
}

// dropField leaves out a line of metadata, or else one of what is not metadata.
func dropField(meta bool) func(*call, []string) [][]string {
	return func(c *call, fields []string) (out [][]string) {
		for i, f := range fields {
			if strings.HasPrefix(f, c.e.d.Meta) == meta && !isToken(f) {
				out = append(out, slices.Delete(slices.Clone(fields), i, i+1))
			}
		}
		return out
	}
}

func isToken(line string) bool { return strings.Contains(line, "-security-token:") }

func dropToken(_ *call, fields []string) [][]string { return one(slices.DeleteFunc(fields, isToken)) }

// addOthers signs the fields that begin with x- and are nobody's, too.
func addOthers(c *call, fields []string) [][]string {
	for _, f := range c.in.Fields {
		name := strings.ToLower(f.Name)
		if strings.HasPrefix(name, "x-") && !strings.HasPrefix(name, c.e.d.Prefix) {
			fields = append(fields, name+":"+f.Value)
		}
	}
	slices.Sort(fields)
	return one(fields)
}

// namesAsSent has the names of the fields in the letter case that they came in.
func namesAsSent(c *call, fields []string) [][]string {
	for i, f := range fields {
		name, value, _ := strings.Cut(f, ":")
		for _, sent := range c.in.Fields {
			if strings.EqualFold(sent.Name, name) {
				fields[i] = sent.Name + ":" + value
			}
		}
	}
	return one(fields)
}

func reversed(_ *call, fields []string) [][]string { return one(reverse(fields)) }

func blankAfterColon(_ *call, fields []string) [][]string {
	for i, f := range fields {
		fields[i] = strings.Replace(f, ":", ": ", 1)
	}
	return one(fields)
}

func joinedToResource(_ *call, text string) []string {
	head, fields, resource := v1Parts(text)
	return []string{head + strings.Join(fields, "\n") + resource}
}

func emptyLine(_ *call, fields []string) [][]string {
	if len(fields) == 0 {
		fields = []string{""}
	}
	return one(fields)
}

// v1Resource changes the resource, without its sub-resources.
func v1Resource(change func(c *call, resource string) string) func(*call, string) []string {
	return func(c *call, text string) []string {
		at := strings.LastIndexByte(text, '\n') + 1
		resource, subs, some := strings.Cut(text[at:], "?")
		if resource = change(c, resource); some {
			resource += "?" + subs
		}
		return []string{text[:at] + resource}
	}
}

func withoutBucket(c *call, resource string) string {
	if c.at.Bucket == "" {
		return resource
	}
	return strings.TrimPrefix(resource, "/"+c.at.Bucket)
}

func withoutSlash(c *call, resource string) string {
	if c.at.HasKey || c.at.Bucket == "" {
		return resource
	}
	return strings.TrimSuffix(resource, "/")
}

func withoutRoot(_ *call, resource string) string {
	if resource == "/" {
		return ""
	}
	return resource
}

func escapedKey(_ *call, resource string) string { return wire.EscapePath(resource) }

// v1Subs changes the list of sub-resources.
func v1Subs(change func(c *call, subs []string) [][]string) func(*call, string) []string {
	return func(c *call, text string) (out []string) {
		head, list, some := strings.Cut(text, "?")
		var subs []string
		if some {
			subs = strings.Split(list, "&")
		}
		for _, s := range change(c, subs) {
			if len(s) > 0 {
				out = append(out, head+"?"+strings.Join(s, "&"))
			} else {
				out = append(out, head)
			}
		}
		return out
	}
}

func withEquals(_ *call, subs []string) [][]string {
	for i, s := range subs {
		if !strings.Contains(s, "=") {
			subs[i] += "="
		}
	}
	return one(subs)
}

func escapedValues(_ *call, subs []string) [][]string {
	for i, s := range subs {
		name, value, some := strings.Cut(s, "=")
		if some {
			subs[i] = name + "=" + wire.Escape(value)
		}
	}
	return one(subs)
}

// everyParam signs all parameters but those of the signature.
func everyParam(c *call, _ []string) [][]string {
	var all []string
	for _, p := range c.query {
		switch {
		case p.Name == "OSSAccessKeyId" || p.Name == "Expires" || p.Name == "Signature":
		case p.Value == "":
			all = append(all, p.Name)
		default:
			all = append(all, p.Name+"="+p.Value)
		}
	}
	slices.Sort(all)
	return one(all)
}
