package siglab

import (
	"cmp"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// A variation is a form in which one known mistake was made.
type variation struct {
	cause Cause
	how   string
	form
}

// A mistake makes variations of a form.
type mistake func(s *Signed, f form) []variation

// mistakes are in the order in which they are believed where several fit.
var mistakes = []mistake{
	plusSigns, encodedPath, lowerEscapes, buckets, subResources, queries, contentTypes, hosts, dates, regions, payloads,
	fieldLists, methods, newlines,
}

// variations are all that can be made of f.
func (s *Signed) variations(f form) (all []variation) {
	for _, m := range mistakes {
		for _, v := range m(s, f) {
			if v.form != f {
				all = append(all, v)
			}
		}
	}
	return all
}

func plusSigns(_ *Signed, f form) (all []variation) {
	swaps := [][2]string{{"%20", "+"}, {"%20", "%2B"}, {" ", "+"}, {"%2B", "%20"}, {"+", " "}, {"%2B", "+"}}
	for _, p := range []part{uri, query} {
		for _, swap := range swaps {
			all = append(all, variation{PlusForBlank, "a blank of the " + partNames[p] + " is a plus sign", f.with(p, strings.ReplaceAll(f.part[p], swap[0], swap[1]))})
		}
	}
	for _, swap := range swaps {
		both := f.with(uri, strings.ReplaceAll(f.part[uri], swap[0], swap[1]))
		all = append(all, variation{PlusForBlank, "blanks are plus signs", both.with(query, strings.ReplaceAll(f.part[query], swap[0], swap[1]))})
	}
	return all
}

// plainPath tells that the scheme signs the decoded path.
func plainPath(scheme string) bool { return scheme == "oss-v1" || scheme == "cos-sha1" }

func encodedPath(_ *Signed, f form) []variation {
	p := f.part[uri]
	once := "the path is encoded twice"
	if plainPath(f.scheme) {
		once = "the path is encoded, where the scheme signs it decoded or where it was encoded already"
	}
	decoded, _ := wire.Unescape(p)
	before := strings.ReplaceAll(p, "%25", "%")
	if plainPath(f.scheme) {
		before = decoded
	}
	return []variation{
		{EncodedTwice, once, f.with(uri, wire.EscapePath(p))},
		{EncodedTwice, once, f.with(uri, strings.ReplaceAll(p, "%", "%25"))},
		{EncodedTwice, once + ", and once more", f.with(uri, wire.EscapePath(wire.EscapePath(p)))},
		{EncodedTwice, "the path of the URL is encoded twice, the signed one is not", f.with(uri, before)},
		{SlashEncoded, "slashes of the path are %2F", f.with(uri, "/"+strings.ReplaceAll(strings.TrimPrefix(p, "/"), "/", "%2F"))},
		{NotEncoded, "the path is not encoded", f.with(uri, decoded)},
		{PathCleaned, "dot segments and repeated slashes are gone", f.with(uri, cleaned(p))},
	}
}

func cleaned(p string) string {
	out := path.Clean(p)
	if strings.HasSuffix(p, "/") && out != "/" {
		out += "/"
	}
	return out
}

var escaped = regexp.MustCompile(`%[0-9A-F]{2}`)

func lowerEscapes(_ *Signed, f form) (all []variation) {
	every := f
	for _, p := range []part{uri, query, fields} {
		lower := escaped.ReplaceAllStringFunc(f.part[p], strings.ToLower)
		all = append(all, variation{LowerEscape, "escapes of the " + partNames[p] + " are in lower case", f.with(p, lower)})
		every = every.with(p, lower)
	}
	return append(all, variation{LowerEscape, "all escapes are in lower case", every})
}

func buckets(s *Signed, f form) []variation {
	bucket := "/" + s.at.Bucket
	if s.at.Bucket == "" {
		return nil
	}
	doubled := bucket + f.part[uri]
	all := []variation{{BucketDoubled, "the bucket stands before the path once more", f.with(uri, doubled)}}
	if rest, ok := strings.CutPrefix(f.part[uri], bucket); ok && (rest == "" || rest[0] == '/') {
		all = append(all, variation{BucketMissing, "the path is signed without the bucket", f.with(uri, cmp.Or(rest, "/"))})
		if rest == "/" {
			all = append(all, variation{BucketMissing, "the slash behind the bucket is missing", f.with(uri, bucket)})
		}
	}
	return all
}

// subResources of oss-v1: all parameters, none, one less, one more, undecoded.
func subResources(s *Signed, f form) (all []variation) {
	if f.scheme != "oss-v1" {
		return nil
	}
	add := func(how string, list []string) {
		slices.Sort(list)
		text := ""
		if len(list) > 0 {
			text = "?" + strings.Join(list, "&")
		}
		all = append(all, variation{SubResources, how, f.with(query, text)})
	}
	signed := strings.FieldsFunc(strings.TrimPrefix(f.part[query], "?"), func(r rune) bool { return r == '&' })
	var every []string
	for p := range sign.Params(s.bare) {
		line := p.Name
		if p.Value != "" {
			line += "=" + p.Value
		}
		every = append(every, line)
		if slices.Contains(signed, line) {
			add(p.Name+" is left out of the sub-resources", slices.DeleteFunc(slices.Clone(signed), func(l string) bool { return l == line }))
		} else {
			add(p.Name+" is taken for a sub-resource", append(slices.Clone(signed), line))
		}
	}
	add("all parameters are taken for sub-resources", every)
	add("no parameter is taken for a sub-resource", nil)
	var escapes []string
	for _, l := range signed {
		name, value, eq := strings.Cut(l, "=")
		if eq {
			name += "=" + wire.Escape(value)
		}
		escapes = append(escapes, name)
	}
	add("the values of the sub-resources are not decoded", escapes)
	return all
}

func queries(s *Signed, f form) (all []variation) {
	mark := ""
	if strings.HasPrefix(f.part[query], "?") {
		mark = "?"
	}
	lines := strings.Split(strings.TrimPrefix(f.part[query], "?"), "&")
	join := func(cause Cause, how string, lines []string) {
		all = append(all, variation{cause, how, f.with(query, mark+strings.Join(lines, "&"))})
	}
	_, raw := wire.SplitTarget(s.Request.Target)
	join(QueryOrder, "the parameters are in the order of the URL", inOrderOf(lines, wire.ParseQuery(raw)))
	reversed := slices.Clone(lines)
	slices.Reverse(reversed)
	join(QueryOrder, "the parameters are sorted backwards", reversed)
	byLine := slices.Sorted(slices.Values(lines))
	join(QueryOrder, "the parameters are sorted by the whole text of name and value", byLine)
	byName := slices.Clone(lines)
	slices.SortStableFunc(byName, func(a, b string) int { return strings.Compare(nameOf(a), nameOf(b)) })
	join(QueryOrder, "the parameters are sorted by name before encoding", byName)
	var empty, bare, twice []string
	for _, l := range lines {
		name, value, eq := strings.Cut(l, "=")
		empty = append(empty, name+"="+value)
		if value == "" {
			bare = append(bare, name)
		} else {
			bare = append(bare, l)
		}
		again := strings.ReplaceAll(name, "%", "%25")
		if eq {
			again += "=" + strings.ReplaceAll(value, "%", "%25")
		}
		twice = append(twice, again)
	}
	if f.part[query] != "" {
		join(QueryEmpty, "a parameter without a value has an equals sign", empty)
		join(QueryEmpty, "a parameter without a value has no equals sign", bare)
		join(QueryTwice, "the parameters are encoded twice", twice)
	}
	return all
}

func nameOf(line string) string {
	name, _, _ := strings.Cut(line, "=")
	name, _ = url.PathUnescape(name)
	return name
}

// inOrderOf puts lines into the order in which params stand.
func inOrderOf(lines []string, params []wire.Param) []string {
	at := map[string]int{}
	for i, p := range params {
		at[strings.ToLower(p.Name)] = i + 1
	}
	out := slices.Clone(lines)
	slices.SortStableFunc(out, func(a, b string) int { return at[strings.ToLower(nameOf(a))] - at[strings.ToLower(nameOf(b))] })
	return out
}

// added are types that HTTP libraries send where nobody asked.
var added = []string{
	"application/x-www-form-urlencoded", "application/octet-stream", "text/plain", "text/plain; charset=utf-8", "application/json", "application/xml",
}

func contentTypes(_ *Signed, f form) (all []variation) {
	for _, t := range append([]string{"", f.shortType()}, added...) {
		how := "Content-Type is signed as " + t
		if t == "" {
			how = "Content-Type is not signed"
		}
		if f.scheme == "oss-v1" {
			all = append(all, variation{ContentType, how, f.with(kind, t)})
			continue
		}
		if t == "" {
			all = append(all, variation{ContentType, how, f.without("content-type")}, variation{ContentType, how, f.without("content-type").with(names, f.part[names])})
			continue
		}
		value := t
		if f.scheme == "cos-sha1" || f.scheme == "bce-auth-v1" {
			value = wire.Escape(t)
		}
		all = append(all, variation{ContentType, how, f.set("content-type", value)})
	}
	return all
}

// shortType is the Content-Type without its parameters.
func (f form) shortType() string {
	value, _ := f.get("content-type")
	if f.scheme == "oss-v1" {
		value = f.part[kind]
	}
	value, _ = wire.Unescape(value)
	short, _, _ := strings.Cut(value, ";")
	return short
}

// without is the form less one header field.
func (f form) without(name string) form {
	_, inside := f.separators()
	return f.withLines(slices.DeleteFunc(slices.Clone(f.lines()), func(l string) bool { return strings.HasPrefix(l, name+inside) }))
}

func hosts(s *Signed, f form) (all []variation) {
	host, ok := f.get("host")
	if !ok {
		return nil
	}
	colon := ":"
	if f.scheme == "cos-sha1" || f.scheme == "bce-auth-v1" {
		colon = "%3A"
	}
	name, port, has := strings.Cut(host, colon)
	if has {
		return []variation{{HostPort, "Host is signed without its port " + port, f.set("host", name)}}
	}
	for _, p := range []string{"80", "443"} {
		all = append(all, variation{HostPort, "Host is signed with port " + p, f.set("host", host+colon+p)})
	}
	return all
}

// dates are a clock that is read twice, and local time taken for UTC.
func dates(s *Signed, f form) (all []variation) {
	if f.scheme == "oss-v1" {
		if v, ok := f.get("x-oss-date"); ok {
			all = append(all, variation{DateHeader, "x-oss-date stands in the place of Date", f.with(when, v)})
		}
		all = append(all, variation{DateHeader, "the date line is empty", f.with(when, "")})
	}
	for h := -28; h <= 28; h++ {
		all = append(all, s.shifted(f, Clock, "local time was taken for UTC", time.Duration(h)*30*time.Minute)...)
	}
	for d := -5; d <= 5; d++ {
		all = append(all, s.shifted(f, DateHeader, "the clock was read twice, seconds apart", time.Duration(d)*time.Second)...)
	}
	return all
}

// shifted is the form signed at another time: in the string to sign alone, and
// in the header field, too.
func (s *Signed) shifted(f form, cause Cause, how string, by time.Duration) (all []variation) {
	field, layout := "x-amz-date", compact
	switch f.scheme {
	case "oss-v1":
		field, layout = "x-oss-date", "Mon, 02 Jan 2006 15:04:05 GMT"
	case "oss-v4":
		field = "x-oss-date"
	case "bce-auth-v1":
		return s.shiftedBCE(f, cause, how, by)
	case "cos-sha1":
		return nil
	}
	at, err := time.Parse(layout, f.part[when])
	if err != nil || by == 0 {
		return nil
	}
	text := at.Add(by).Format(layout)
	alone := f.with(when, text)
	if rest, ok := strings.CutPrefix(f.part[scope], at.Format("20060102")); ok {
		alone = alone.with(scope, at.Add(by).Format("20060102")+rest)
	}
	all = append(all, variation{cause, how, alone}, variation{cause, how, alone.with(scope, f.part[scope])})
	if _, ok := f.get(field); ok {
		all = append(all, variation{cause, how, alone.set(field, text)}, variation{cause, how, f.set(field, text)})
	}
	return all
}

func (s *Signed) shiftedBCE(f form, cause Cause, how string, by time.Duration) (all []variation) {
	date, ok := f.get("x-bce-date")
	plain, _ := wire.Unescape(date)
	at, err := time.Parse(time.RFC3339, plain)
	if !ok || err != nil || by == 0 && cause == Clock {
		return nil
	}
	for _, from := range []time.Time{at, s.Input.Time.UTC()} {
		all = append(all, variation{cause, how, f.set("x-bce-date", wire.Escape(from.Add(by).Format("2006-01-02T15:04:05Z")))})
	}
	return all
}

func regions(s *Signed, f form) (all []variation) {
	parts := strings.Split(f.part[scope], "/")
	if !v4(f.scheme) || len(parts) != 4 {
		return nil
	}
	for _, r := range []string{
		s.dialect.Region, s.Claim.Region, s.dialect.RegionOf(s.Request.Fields.Get("Host")), "us-east-1", "oss-" + parts[1], strings.TrimPrefix(parts[1], "oss-"),
	} {
		if r != "" {
			other := strings.Join([]string{parts[0], r, parts[2], parts[3]}, "/")
			all = append(all, variation{WrongRegion, "the scope names the region " + r, f.with(scope, other)})
		}
	}
	return all
}

func payloads(s *Signed, f form) (all []variation) {
	if !v4(f.scheme) {
		return nil
	}
	nothing, body := string(sign.HexSHA256(nil, nil)), string(sign.HexSHA256(nil, s.ask.Body))
	for _, p := range []struct{ how, value string }{
		{"the payload hash is that of nothing", nothing}, {"the payload hash is that of the body", body},
		{"the payload line is UNSIGNED-PAYLOAD", "UNSIGNED-PAYLOAD"}, {"the payload line is empty", ""},
	} {
		v := f.with(payload, p.value)
		all = append(all, variation{PayloadHash, p.how, v})
		if _, ok := f.get("x-amz-content-sha256"); ok {
			all = append(all, variation{PayloadHash, p.how, v.set("x-amz-content-sha256", p.value)})
		}
	}
	return all
}

// fieldLists leave single header fields out, or sort them otherwise.
func fieldLists(_ *Signed, f form) (all []variation) {
	lines := f.lines()
	for i, l := range lines {
		_, inside := f.separators()
		name, _, _ := strings.Cut(l, inside)
		less := f.withLines(slices.Delete(slices.Clone(lines), i, i+1))
		how := name + " is not signed"
		all = append(all, variation{HeaderUnsigned, how, less}, variation{HeaderUnsigned, how, less.with(names, f.part[names])})
	}
	if f.part[digest] != "" {
		all = append(all, variation{HeaderUnsigned, "Content-MD5 is not signed", f.with(digest, "")})
	}
	reversed := slices.Clone(lines)
	slices.Reverse(reversed)
	all = append(all, variation{HeaderOrder, "the header fields are sorted backwards", f.withLines(reversed).with(names, f.part[names])})
	return all
}

func methods(_ *Signed, f form) (all []variation) {
	for _, m := range []string{"GET", "HEAD", "PUT", "POST", "DELETE", strings.ToLower(f.part[method]), strings.ToUpper(f.part[method])} {
		if f.scheme == "cos-sha1" && m != strings.ToUpper(f.part[method]) {
			m = strings.ToLower(m)
		}
		all = append(all, variation{MethodDiffers, "the method is signed as " + m, f.with(method, m)})
	}
	return all
}

func newlines(_ *Signed, f form) (all []variation) {
	for _, p := range []part{ending, tail} {
		how := "the " + partNames[p] + " has another line feed"
		all = append(all, variation{TrailingNewline, how, f.with(p, f.part[p]+"\n")})
		all = append(all, variation{TrailingNewline, "the " + partNames[p] + " lacks its line feed", f.with(p, strings.TrimSuffix(f.part[p], "\n"))})
	}
	key := f.part[secret]
	return append(all,
		variation{TrailingNewline, "the secret key ends in a line feed", f.with(secret, key+"\n")},
		variation{TrailingNewline, "the secret key ends in a line feed", f.with(secret, key+"\r\n")},
		variation{TrailingNewline, "the secret key that is given here has white space around it", f.with(secret, strings.TrimSpace(key))})
}
