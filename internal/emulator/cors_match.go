package emulator

import (
	"net/url"
	"slices"
	"strings"
)

// A crossing is what a page of another origin asks for.
type crossing struct {
	origin, method string
	fields         string // names of header fields, as the request lists them
}

// A crossMatch decides whether a rule allows a crossing.
type crossMatch struct {
	origin func(pattern, origin string) bool
	method func(methods []string, method string) bool
	fields func(patterns []string, names string) bool
}

var rightMatch = crossMatch{origin: glob, method: slices.Contains[[]string], fields: allFields}

// crossSlips are the ways in which stores get the match wrong.
var crossSlips = []struct {
	rule string
	slip func(*crossMatch)
}{
	{"cors.match-origin", func(m *crossMatch) { m.origin = func(string, string) bool { return true } }},
	{"cors.match-origin-case", func(m *crossMatch) { m.origin = foldGlob }},
	{"cors.match-origin-star", func(m *crossMatch) { m.origin = func(p, o string) bool { return p == "*" || p == o } }},
	{"cors.match-origin-any", func(m *crossMatch) { m.origin = func(p, o string) bool { return p != "*" && glob(p, o) } }},
	{"cors.match-origin-end", func(m *crossMatch) { m.origin = openGlob }},
	{"cors.match-origin-scheme", func(m *crossMatch) { m.origin = func(p, o string) bool { return glob(noScheme(p), noScheme(o)) } }},
	{"cors.match-origin-port", func(m *crossMatch) { m.origin = func(p, o string) bool { return glob(noPort(p), noPort(o)) } }},
	{"cors.match-origin-bare", func(m *crossMatch) { m.origin = bareGlob }},
	{"cors.match-method", func(m *crossMatch) { m.method = func([]string, string) bool { return true } }},
	{"cors.match-fields", func(m *crossMatch) { m.fields = func([]string, string) bool { return true } }},
	{"cors.match-fields-case", func(m *crossMatch) { m.fields = exactFields }},
	{"cors.match-fields-star", func(m *crossMatch) { m.fields = literalFields }},
	{"cors.match-fields-each", func(m *crossMatch) { m.fields = firstField }},
}

// glob matches a text with a pattern in which one asterisk stands for any text.
func glob(pattern, text string) bool {
	before, after, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == text
	}
	return len(text) >= len(before)+len(after) && strings.HasPrefix(text, before) && strings.HasSuffix(text, after)
}

func foldGlob(pattern, text string) bool {
	return glob(strings.ToLower(pattern), strings.ToLower(text))
}

// openGlob takes the pattern for a beginning.
func openGlob(pattern, text string) bool {
	before, after, star := strings.Cut(pattern, "*")
	if !star {
		return strings.HasPrefix(text, pattern)
	}
	return strings.HasPrefix(text, before) && strings.Contains(text[len(before):], after)
}

// bareGlob lets the asterisk stand for no label at all: *.a.b is a.b, too.
func bareGlob(pattern, text string) bool {
	return glob(pattern, text) || glob(strings.Replace(pattern, "*.", "", 1), text)
}

func noScheme(origin string) string {
	if _, rest, ok := strings.Cut(origin, "://"); ok {
		return rest
	}
	return origin
}

func noPort(origin string) string {
	if u, err := url.Parse(origin); err == nil && u.Port() != "" {
		return strings.TrimSuffix(origin, ":"+u.Port())
	}
	return origin
}

// fieldNames are the names of a list, without the blanks around them.
func fieldNames(list string) []string {
	names := strings.Split(list, ",")
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
	}
	return slices.DeleteFunc(names, func(n string) bool { return n == "" })
}

// everyField tells whether each name matches one of the patterns.
func everyField(patterns, names []string, match func(pattern, name string) bool) bool {
	return !slices.ContainsFunc(names, func(name string) bool {
		return !slices.ContainsFunc(patterns, func(p string) bool { return match(p, name) })
	})
}

func allFields(patterns []string, list string) bool {
	return everyField(patterns, fieldNames(list), foldGlob)
}
func exactFields(patterns []string, list string) bool {
	return everyField(patterns, fieldNames(list), glob)
}
func literalFields(patterns []string, list string) bool {
	return everyField(patterns, fieldNames(list), strings.EqualFold)
}

func firstField(patterns []string, list string) bool {
	names := fieldNames(list)
	return everyField(patterns, names[:min(1, len(names))], foldGlob)
}

// allows finds which of the rule's origins allows the crossing.
func (m crossMatch) allows(r *corsRule, x crossing) (pattern string, ok bool) {
	if !m.method(r.Methods, x.method) || !m.fields(r.Headers, x.fields) {
		return "", false
	}
	for _, p := range r.Origins {
		if m.origin(p, x.origin) {
			return p, true
		}
	}
	return "", false
}

// first is the index of the first rule that allows the crossing, -1 for none.
func (m crossMatch) first(config *corsConfig, x crossing) int {
	return slices.IndexFunc(config.Rules, func(r corsRule) bool { _, ok := m.allows(&r, x); return ok })
}

func (m crossMatch) last(config *corsConfig, x crossing) int {
	for i := len(config.Rules) - 1; i >= 0; i-- {
		if _, ok := m.allows(&config.Rules[i], x); ok {
			return i
		}
	}
	return -1
}

// crossRule finds the rule that decides: the first that allows the crossing, nil
// for none.
func (c *call) crossRule(config *corsConfig, x crossing) *corsRule {
	right := rightMatch.first(config, x)
	at := right
	if !c.e.rules.quiet() {
		for _, s := range crossSlips {
			m := rightMatch
			s.slip(&m)
			at = pick(c, s.rule, at, m.first(config, x))
		}
		at = pick(c, "cors.first", at, rightMatch.last(config, x))
	}
	if at < 0 {
		return nil
	}
	return &config.Rules[at]
}

// preflight answers whether a page of another origin may ask for something. It
// is not signed.
func (c *call) preflight() error {
	t := &c.e.t.sharing
	if pick(c, "cors.preflight.unsigned", false, !c.in.Fields.Has("Authorization")) {
		return c.fault("AccessDenied")
	}
	if len(c.query) > 0 && !c.does("cors.preflight.anywhere") {
		return c.fault("MethodNotAllowed")
	}
	x := crossing{c.field("Origin"), c.field("Access-Control-Request-Method"), strings.Join(c.in.Fields.Values("Access-Control-Request-Headers"), ",")}
	if err := c.require("cors.preflight.origin", x.origin != "", t.incomplete); err != nil {
		return err
	}
	if err := c.require("cors.preflight.method", x.method != "", t.incomplete); err != nil {
		return err
	}
	rule, err := c.crossing(x)
	if err != nil {
		return err
	}
	c.status("cors.preflight.status", 200)
	c.cross("cors.preflight.", rule, x)
	return nil
}

// crossing finds the rule for a preflight. What a broken emulator lets pass, it
// answers as if there were a rule of just this.
func (c *call) crossing(x crossing) (*corsRule, error) {
	t := &c.e.t.sharing
	b := c.e.store.Bucket(c.at.Bucket)
	if b == nil && !t.hidden {
		return nil, c.fault("NoSuchBucket")
	}
	var config *corsConfig
	if b != nil {
		config = corsOf(b)
	}
	name := "cors.preflight.no-bucket"
	switch {
	case config != nil:
		if rule := c.crossRule(config, x); rule != nil {
			return rule, nil
		}
		name = "cors.preflight.no-match"
	case b != nil:
		name = "cors.preflight.no-rules"
	}
	level := "OBJECT"
	if config == nil {
		level = "BUCKET"
	}
	return &corsRule{Origins: []string{x.origin}, Methods: []string{x.method}, Headers: fieldNames(x.fields)},
		c.require(name, false, t.forbidden, c.crossMembers(x, level))
}

// crossMembers tells what was asked for, and which level said no; nothing to the
// page.
func (c *call) crossMembers(x crossing, level string) detail {
	return func(f *fault) {
		if pick(c, "cors.preflight.silent", false, true) {
			f.fields.Set("Access-Control-Allow-Origin", x.origin)
		}
		if !c.e.t.sharing.members {
			return
		}
		if c.does("cors.preflight.names-method") {
			withExtra("Method", x.method)(f)
		}
		if c.does("cors.preflight.names-level") {
			withExtra("ResourceType", level)(f)
		}
	}
}

// crossed is the rule that allows the crossing that an ordinary request is, nil
// for none; config is nil where the bucket has no rules.
func (c *call) crossed() (config *corsConfig, rule *corsRule) {
	b := c.e.store.Bucket(c.at.Bucket)
	if b == nil {
		return nil, nil
	}
	if config = corsOf(b); config == nil || !c.in.Fields.Has("Origin") || c.kind == "Preflight" {
		return config, nil
	}
	return config, c.crossRule(config, c.actual())
}

// actual is the crossing of an ordinary request.
func (c *call) actual() crossing { return crossing{origin: c.field("Origin"), method: c.in.Method} }

// crossServed lets requests of any origin through: rules do not refuse them.
func (c *call) crossServed() error {
	if !c.in.Fields.Has("Origin") || c.e.rules.quiet() {
		return nil
	}
	if _, rule := c.crossed(); rule != nil {
		return c.admit("cors.actual.allowed", "AccessForbidden")
	}
	return c.admit("cors.actual.served", "AccessForbidden")
}

// crossGrants tells whether an allowed origin lets nobody in: it never does.
func (c *call) crossGrants() bool {
	if !c.anonymous || c.bucket == nil || c.e.rules.quiet() {
		return false
	}
	_, rule := c.crossed()
	return pick(c, "cors.actual.grants", false, rule != nil)
}

// share adds what the rules say to the reply to an ordinary request.
func (c *call) share() {
	if c.at.Bucket == "" {
		return
	}
	config, rule := c.crossed()
	origin, plain := c.field("Origin"), c.kind != "Preflight"
	reads := c.in.Method == "GET" && c.at.HasKey
	switch {
	case rule != nil && plain && c.does("cors.actual"):
		c.cross("cors.actual.", rule, c.actual())
	case config == nil && plain && pick(c, "cors.actual.no-rules", false, origin != ""),
		config != nil && plain && origin == "" && pick(c, "cors.actual.none", false, reads):
		c.reply.Fields.Set("Access-Control-Allow-Origin", "*")
	}
	if config != nil && pick(c, "cors.vary-chosen", config.Vary, config.Vary || reads) && pick(c, "cors.vary-always", true, origin != "" || !reads) {
		c.set("cors.vary", "Vary", "Origin")
	}
}

// cross answers what a rule allows; the rules of each field begin with on.
func (c *call) cross(on string, rule *corsRule, x crossing) {
	t := &c.e.t.sharing
	origin := x.origin
	if p, _ := rightMatch.allows(rule, crossing{x.origin, x.method, ""}); p == "*" {
		right, wrong := origin, "*"
		if t.star {
			right, wrong = wrong, right
		}
		origin = pick(c, on+"star", right, wrong)
	}
	c.set(on+"allow-origin", "Access-Control-Allow-Origin", origin)
	c.set(on+"allow-methods", "Access-Control-Allow-Methods", strings.Join(rule.Methods, t.comma))
	if names := c.crossFields(on, rule, x); names != "" {
		c.set(on+"allow-headers", "Access-Control-Allow-Headers", names)
	}
	if len(rule.Expose) > 0 {
		c.set(on+"expose", "Access-Control-Expose-Headers", strings.Join(rule.Expose, t.comma))
	}
	if len(rule.Age) > 0 {
		c.set(on+"max-age", "Access-Control-Max-Age", rule.Age.text())
	}
	if t.vary != "" {
		c.set(on+"vary", "Vary", t.vary)
	}
	c.credentials(on, origin)
}

// crossFields lists the fields that were asked for: none but them.
func (c *call) crossFields(on string, rule *corsRule, x crossing) string {
	t := &c.e.t.sharing
	names := strings.Join(fieldNames(x.fields), t.comma)
	if names == "" {
		return ""
	}
	whole := strings.Join(rule.Headers, t.comma)
	if t.lower {
		names, whole = pick(c, on+"lower", strings.ToLower(names), names), strings.ToLower(whole)
	}
	if strings.EqualFold(names, whole) {
		return names
	}
	return pick(c, on+"asked", names, whole)
}

// credentials allows credentials where the dialect does.
func (c *call) credentials(on, origin string) {
	t := &c.e.t.sharing
	switch {
	case t.always, t.named && origin != "*":
		c.set(on+"credentials", "Access-Control-Allow-Credentials", "true")
	case t.named && pick(c, on+"no-credentials", false, true):
		c.reply.Fields.Set("Access-Control-Allow-Credentials", "true")
	}
}
