package emulator

import (
	"path"
	"slices"
	"strings"
	"time"

	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// sigV4 is Signature Version 4 of AWS: the hash of a canonical request.
var sigV4 = spelling{
	nothing: "X-Amz-Expires", // S3-PRE-09
	text:    func(r *sign.Refusal) string { return r.CanonicalRequest },
	sign: func(c *call, r *sign.Refusal, request string) string {
		return hashedSignature(c, r, request, "AWS4")
	},
	slips: []slip{
		{part: "verb", texts: otherVerbs},
		{part: "path-verbatim", texts: v4Line(1, func(p string) string { return path.Clean(p) })},
		{part: "path-once", texts: v4Line(1, func(p string) string { return strings.ReplaceAll(p, "%", "%25") })},
		{part: "path-slashes", texts: v4Line(1, func(p string) string { return strings.ReplaceAll(p, "/", "%2F") })},
		{part: "blank", texts: onBoth("%20", "+")},
		{part: "hex-case", texts: onBoth("%2B", "%2b")},
		{part: "unreserved", texts: onBoth("%3D", "=")},
		{part: "query-slash", texts: v4Line(2, func(q string) string { return strings.ReplaceAll(q, "%2F", "/") })},
		{part: "bucket", texts: v4URI},
		{part: "params", texts: v4Query(leftOut)},
		{part: "param-order", texts: v4Query(func(_ *call, params []string) [][]string { return one(reverse(params)) })},
		{part: "param-bare", texts: v4Query(bare4)},
		{part: "field-fold", texts: fieldsAsSent(func(name, value string) string { return strings.ToLower(name) + ":" + value })},
		{part: "field-trim", texts: blanksInFront},
		{part: "field-case", texts: fieldsAsSent(func(name, value string) string { return name + ":" + strings.Join(strings.Fields(value), " ") })},
		{part: "field-order", texts: fieldsReversed},
		{part: "empty-hash", texts: hashLeftOut},
	},
	strict: []strictness{
		{"commas", (*call).commasAlone, sign.Malformed},
		{"amz-date-first", (*call).datedTwice, sign.Skewed},
		{"unsigned-others", (*call).unsignedType, sign.UnsignedField},
		{"unsigned-payload", (*call).unsignedPayload, sign.BadPayload},
		{"age", (*call).oldURL, sign.Expired},
		{"unsigned-type", (*call).unsignedTypeInURL, sign.UnsignedField},
		{"unsigned-custom", (*call).unsignedCustomInURL, sign.UnsignedField},
	},
}

// v4Line changes one line of a canonical request.
func v4Line(n int, change func(string) string) func(*call, string) []string {
	return func(_ *call, request string) []string { return []string{line(request, n, change)} }
}

// onBoth changes path or query.
func onBoth(old, other string) func(*call, string) []string {
	change := func(text string) string { return strings.ReplaceAll(text, old, other) }
	return func(_ *call, request string) []string {
		return []string{line(request, 1, change), line(request, 2, change)}
	}
}

// bare4 has the parameters without a value as names alone.
func bare4(_ *call, params []string) [][]string {
	for i, p := range params {
		params[i] = strings.TrimSuffix(p, "=")
	}
	return one(params)
}

// v4Lines are the lines of the fields in a canonical request.
func v4Lines(request string, change func(fields []string)) string {
	lines := strings.Split(request, "\n")
	if len(lines) > 6 {
		change(lines[3 : len(lines)-3])
	}
	return strings.Join(lines, "\n")
}

// fieldsAsSent writes metadata out of the fields as they came.
func fieldsAsSent(form func(name, value string) string) func(*call, string) []string {
	return func(c *call, request string) []string {
		return []string{v4Lines(request, func(fields []string) {
			for i, f := range fields {
				name, _, _ := strings.Cut(f, ":")
				at := c.fieldNamed(name)
				if at < 0 || !strings.HasPrefix(name, c.e.d.Meta) || !sameWords(f, c.in.Fields[at]) {
					continue
				}
				fields[i] = form(c.in.Fields[at].Name, c.in.Fields[at].Value)
			}
		})}
	}
}

// sameWords tells that a line is that of the field, blanks aside.
func sameWords(line string, f wire.Field) bool {
	_, value, _ := strings.Cut(line, ":")
	return value == strings.Join(strings.Fields(f.Value), " ")
}

// fieldNamed is the place of the first field of that name, -1 without one.
func (c *call) fieldNamed(name string) int {
	for i, f := range c.in.Fields {
		if strings.EqualFold(f.Name, name) {
			return i
		}
	}
	return -1
}

// blanksInFront writes metadata with the blanks that some clients send.
func blanksInFront(c *call, request string) []string {
	return []string{v4Lines(request, func(fields []string) {
		for i, f := range fields {
			if strings.HasPrefix(f, c.e.d.Meta) {
				fields[i] = strings.Replace(f, ":", ":  ", 1)
			}
		}
	})}
}

func fieldsReversed(_ *call, request string) []string {
	return []string{v4Lines(request, func(fields []string) { slices.Reverse(fields) })}
}

// hashLeftOut has nothing in the place of the hash of nothing.
func hashLeftOut(_ *call, request string) []string {
	const ofNothing = "\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	if head, ok := strings.CutSuffix(request, ofNothing); ok {
		return []string{head + "\n"}
	}
	return nil
}

// commasAlone tells that a component of Authorization has no blank before it.
func (c *call) commasAlone() bool {
	text := strings.ReplaceAll(c.field("Authorization"), ", ", "")
	return strings.Contains(text, ",")
}

// datedTwice tells that a request also has a Date, which is too far off.
func (c *call) datedTwice() bool {
	at, err := time.Parse(time.RFC1123, c.field("Date"))
	return err == nil && c.signForm() == "header" && c.in.Fields.Has("X-Amz-Date") && c.now.Sub(at).Abs() > sign.DefaultSkew
}

// unsignedType tells that the Content-Type came unsigned.
func (c *call) unsignedType() bool {
	_, names, _ := strings.Cut(c.field("Authorization"), "SignedHeaders=")
	names, _, _ = strings.Cut(names, ",")
	return c.signForm() == "header" && c.in.Fields.Has("Content-Type") && !strings.Contains(names, "content-type")
}

func (c *call) unsignedPayload() bool {
	return c.signForm() == "header" && c.field("X-Amz-Content-Sha256") == "UNSIGNED-PAYLOAD"
}
