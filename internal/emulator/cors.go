package emulator

import (
	"bytes"
	"crypto/md5"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"objectharness/internal/emulator/store"
)

// sharing is how a dialect keeps and obeys rules for cross-origin requests.
type sharing struct {
	malformed  string // code for what is no configuration
	noBody     string // code for an empty body
	empty      string // code for a configuration or a rule that lacks what it must have
	wrong      string // code for a method, an asterisk or an age that is not allowed
	tooMany    string // code for more rules than allowed
	tooLarge   string // code for a larger document than allowed
	incomplete string // code for a preflight that does not say what it asks for
	forbidden  string // code for a preflight that no rule allows

	digest      string // code for a document without a digest; "" asks for none
	positiveAge bool   // an age is at least one second
	boundID     bool   // the id of a rule is bounded
	comma       string // between values
	star        bool   // a rule for all origins is answered with an asterisk
	named       bool   // credentials are allowed where the origin is named
	always      bool   // credentials are always allowed
	lower       bool   // the fields asked for are answered in lower case
	vary        string // Vary of replies that a rule matches, "" for none
	hidden      bool   // a bucket that is not there is answered as one without rules
	members     bool   // a refused preflight tells method and kind of resource
	space       string // name space of what is read, "" for none
}

var (
	ossSharing = sharing{malformed: "MalformedXML", noBody: "MalformedXML", empty: "MalformedXML", wrong: "InvalidArgument", tooMany: "CORSRuleBeyondLimit",
		tooLarge: "MalformedXML", incomplete: "BadRequest", forbidden: "AccessForbidden", comma: ", "}
	cosSharing = sharing{malformed: "MalformedXML", noBody: "MissingRequestBodyError", empty: "MalformedXML", wrong: "InvalidArgument", tooMany: "InvalidArgument",
		tooLarge: "XMLSizeLimit", incomplete: "BadRequest", forbidden: "AccessForbidden", comma: ",", positiveAge: true, star: true, named: true}
	bosSharing = sharing{malformed: "MalformedJSON", noBody: "MalformedJSON", empty: "InappropriateJSON", wrong: "InvalidArgument", tooMany: "InvalidArgument",
		tooLarge: "EntityTooLarge", incomplete: "InvalidArgument", forbidden: "AccessDenied", comma: ", ", always: true}
	s3Sharing = sharing{malformed: "MalformedXML", noBody: "MissingRequestBodyError", empty: "MalformedXML", wrong: "InvalidRequest", tooMany: "InvalidRequest",
		tooLarge: "InvalidRequest", incomplete: "BadRequest", forbidden: "AccessForbidden", comma: ", ", digest: "InvalidRequest", boundID: true, star: true, named: true, lower: true,
		space: s3Space, vary: "Origin, Access-Control-Request-Headers, Access-Control-Request-Method", hidden: true, members: true}
)

// A corsConfig is the rules of a bucket, as they are written and kept.
type corsConfig struct {
	XMLName xml.Name   `xml:"CORSConfiguration" json:"-"`
	Space   string     `xml:"xmlns,attr,omitempty" json:"-"` // of what is read, never kept
	Rules   []corsRule `xml:"CORSRule" json:"corsConfiguration"`
	Vary    bool       `xml:"ResponseVary,omitempty" json:"-"` // every reply says that it depends on the origin
}

// A corsRule is one of them. ID and Age are lists because a document may repeat
// them; a rule that is kept has one at most.
type corsRule struct {
	ID      []string `xml:"ID" json:"-"`
	Origins []string `xml:"AllowedOrigin" json:"allowedOrigins"`
	Methods []string `xml:"AllowedMethod" json:"allowedMethods"`
	Headers []string `xml:"AllowedHeader" json:"allowedHeaders,omitempty"`
	Expose  []string `xml:"ExposeHeader" json:"allowedExposeHeaders,omitempty"`
	Age     corsAge  `xml:"MaxAgeSeconds" json:"maxAgeSeconds,omitempty"`
}

// A corsAge is a number of seconds, or none; JSON has it as a plain number.
type corsAge []int

// MarshalJSON writes the number.
func (a corsAge) MarshalJSON() ([]byte, error) { return json.Marshal(a[0]) }

// UnmarshalJSON reads the number; null is none.
func (a *corsAge) UnmarshalJSON(b []byte) error {
	var n *int
	if err := json.Unmarshal(b, &n); err != nil || n == nil {
		return err
	}
	*a = corsAge{*n}
	return nil
}

// The name of the bucket's setting.
const corsSetting = "cors"

// corsOf is the configuration of a bucket, nil where there is none.
func corsOf(b *store.Bucket) *corsConfig {
	text := b.Setting(corsSetting)
	if text == "" {
		return nil
	}
	config := new(corsConfig)
	if xml.Unmarshal([]byte(text), config) != nil {
		return nil // what was kept was written by putCORS
	}
	return config
}

func (c *call) putCORS() error {
	config, err := c.corsDocument()
	if err != nil {
		return err
	}
	if old := corsOf(c.bucket); old != nil && pick(c, "cors.replaces", false, true) {
		config.Rules = append(old.Rules, config.Rules...)
	}
	text, err := xml.Marshal(config)
	if err != nil {
		return err
	}
	c.status("cors.put-status", 200)
	if !c.does("cors.stores") {
		return nil
	}
	return c.bucket.Configure(corsSetting, string(text))
}

func (c *call) getCORS() error {
	config := corsOf(c.bucket)
	if config == nil {
		if err := c.require("cors.none", false, "NoSuchCORSConfiguration", c.bucketName); err != nil {
			return err
		}
		config = new(corsConfig)
	}
	c.forget(config)
	config.Space = pick(c, "cors.get-space", c.e.t.sharing.space, "")
	c.status("cors.get-status", 200)
	if c.e.t.json {
		return c.sendJSON(config)
	}
	return c.sendXML(config)
}

// forget leaves members out of what is read, one rule each.
func (c *call) forget(config *corsConfig) {
	for i := range config.Rules {
		r := &config.Rules[i]
		for _, member := range []struct {
			rule string
			list *[]string
		}{{"cors.get-origins", &r.Origins}, {"cors.get-methods", &r.Methods}, {"cors.get-headers", &r.Headers}, {"cors.get-expose", &r.Expose}} {
			if n := len(*member.list); n > 0 && !c.does(member.rule) {
				*member.list = (*member.list)[:n-1]
			}
		}
		if len(r.Age) > 0 && !c.does("cors.get-age") {
			r.Age = nil
		}
	}
}

func (c *call) deleteCORS() error {
	kept := c.bucket.Setting(corsSetting) != ""
	if !kept {
		if err := c.admit("cors.delete-none", "NoSuchCORSConfiguration"); err != nil {
			return err
		}
	}
	c.status("cors.delete-status", 204)
	if kept && !c.does("cors.deletes") {
		return nil
	}
	return c.bucket.Configure(corsSetting, "")
}

// corsDocument reads the configuration that a request brings.
func (c *call) corsDocument() (*corsConfig, error) {
	body, err := c.corsBody()
	if err != nil {
		return nil, err
	}
	config := new(corsConfig)
	if err := c.parse(body, config); err != nil {
		if err := c.require("cors.malformed", false, c.e.t.sharing.misread(err)); err != nil {
			return nil, err
		}
		config = &corsConfig{Rules: []corsRule{{Origins: []string{"*"}, Methods: []string{"GET"}}}}
	}
	if c.e.t.json && unknownMember(body) {
		if err := c.admit("cors.unknown-member", "InappropriateJSON"); err != nil {
			return nil, err
		}
	}
	config.XMLName, config.Space = xml.Name{}, ""
	return config, c.corsValid(config)
}

// corsBody reads the body, bounded and as its digest says.
func (c *call) corsBody() ([]byte, error) {
	limit, t := c.e.d.Limits.ConfigSize, &c.e.t.sharing
	sum, err := c.givenMD5()
	if err != nil {
		return nil, err
	}
	if t.digest != "" {
		if err := c.require("config.digest-required", sum != nil || c.checksummed(), t.digest); err != nil {
			return nil, err
		}
	}
	body, err := io.ReadAll(io.LimitReader(judged{c}, 2*limit+1))
	if err != nil {
		return nil, err
	}
	if err := c.require("cors.no-body", len(body) > 0, t.noBody); err != nil {
		return nil, err
	}
	if err := c.atMost("cors.size", int64(len(body)), limit, t.tooLarge); err != nil {
		return nil, err
	}
	if sum == nil {
		return body, c.admit("cors.digest-optional", "InvalidRequest")
	}
	own := md5.Sum(body)
	return body, c.require("cors.digest", bytes.Equal(sum, own[:]), c.e.t.writing.badMD5)
}

// misread is the code for a document that cannot be read: what is well formed and
// does not fit has another.
func (t *sharing) misread(err error) string {
	if errors.As(err, new(*json.UnmarshalTypeError)) {
		return t.empty
	}
	return t.malformed
}

// unknownMember tells whether a JSON configuration has members that it does not
// need.
func unknownMember(body []byte) bool {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	return d.Decode(new(corsConfig)) != nil
}

// corsValid refuses what a configuration must not say.
func (c *call) corsValid(config *corsConfig) error {
	t := &c.e.t.sharing
	if err := c.require("cors.no-rule", len(config.Rules) > 0, t.empty); err != nil {
		return err
	}
	if err := c.atMost("cors.rules", int64(len(config.Rules)), int64(c.e.d.Limits.CORSRules), t.tooMany); err != nil {
		return err
	}
	for i := range config.Rules {
		if err := c.corsValidRule(&config.Rules[i]); err != nil {
			return err
		}
	}
	return nil
}

var corsMethods = []string{"GET", "PUT", "DELETE", "POST", "HEAD"}

func (c *call) corsValidRule(r *corsRule) error {
	t := &c.e.t.sharing
	for _, check := range []struct {
		rule, code string
		ok         bool
	}{
		{"cors.once", t.malformed, len(r.ID) <= 1 && len(r.Age) <= 1},
		{"cors.no-origin", t.empty, len(r.Origins) > 0},
		{"cors.no-method", t.empty, len(r.Methods) > 0},
		{"cors.method", t.wrong, !slices.ContainsFunc(r.Methods, func(m string) bool { return !slices.Contains(corsMethods, m) })},
		{"cors.origin-stars", t.wrong, !slices.ContainsFunc(r.Origins, twoStars)},
		{"cors.header-stars", t.wrong, !slices.ContainsFunc(r.Headers, twoStars)},
		{"cors.expose-star", t.wrong, !slices.ContainsFunc(r.Expose, func(h string) bool { return strings.Contains(h, "*") })},
		{"cors.age", t.wrong, !t.positiveAge || !slices.ContainsFunc(r.Age, func(n int) bool { return n <= 0 })},
	} {
		if err := c.require(check.rule, check.ok, check.code); err != nil {
			return err
		}
	}
	if len(r.Methods) == len(corsMethods) {
		if err := c.admit("cors.methods", t.wrong); err != nil {
			return err
		}
	}
	if !t.boundID || len(r.ID) == 0 {
		return nil
	}
	return c.atMost("cors.id", int64(len(r.ID[0])), int64(c.e.d.Limits.RuleID), t.wrong)
}

func twoStars(s string) bool { return strings.Count(s, "*") > 1 }

func (a corsAge) text() string { return strconv.Itoa(a[0]) }
