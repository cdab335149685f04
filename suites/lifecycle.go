package suites

import (
	"regexp"
	"strings"
	"time"

	"github.com/onsi/gomega"

	"objectharness/internal/client"
)

// lifecycleBooks write the chapter lifecycle: rules by which objects expire.
var lifecycleBooks = []func(*Book){lifecycleKept, lifecycleMalformed, lifecycleWrong, lifecycleBounds, lifecycleTold, lifecycleVersions, lifecycleEffects}

// rulesOf writes a lifecycle configuration.
func rulesOf(rules ...string) string { return xmlOf("LifecycleConfiguration", rules...) }

// ruleOf writes a rule in force, of an ID, for the keys of a prefix.
func ruleOf(id, prefix string, actions ...string) string {
	return xmlOf("Rule", xmlOf("ID", id), xmlOf("Filter", xmlOf("Prefix", prefix)), xmlOf("Status", "Enabled"), strings.Join(actions, ""))
}

// daysOf writes an expiration after a number of days.
func daysOf(days string) string { return xmlOf("Expiration", xmlOf("Days", days)) }

// ruleWith writes a rule with a filter of one's own.
func ruleWith(filter string) string {
	return xmlOf("Rule", xmlOf("ID", "r"), filter, xmlOf("Status", "Enabled"), daysOf("7"))
}

var plainRule = rulesOf(ruleOf("expire", "", daysOf("7")))

func setRules(text string) func(*Scene) client.Call {
	return func(s *Scene) client.Call { return s.setConfig("lifecycle", text) }
}

func lifecycleKept(b *Book) {
	read := func(s *Scene) client.Call { return s.config("GET", "lifecycle") }
	holds := After{Text: "the rule can be read", Call: read, Want: Accepted(200).Content(gomega.And(
		gomega.ContainSubstring("<ID>expire</ID>"), gomega.ContainSubstring("<Days>7</Days>"), gomega.ContainSubstring("<Status>Enabled</Status>")))}
	b.Case("none", "tells that there are no rules", By{
		"s3": {Clauses: "S3-LIFE-01", Want: Refused(404, "NoSuchLifecycleConfiguration")},
	}, Case{Given: []Given{own("b")}, When: read})
	b.Case("put", "keeps the rules that it is given", By{
		"s3": {Clauses: "S3-LIFE-01", Want: Accepted(200)},
	}, Case{Given: []Given{own("b")}, When: setRules(plainRule), After: []After{holds}})
	b.Case("get", "tells with the rules the size below which nothing is moved", By{
		"s3": {Clauses: "S3-LIFE-16", Want: Shown().Field("x-amz-transition-default-minimum-object-size", "all_storage_classes_128K")},
	}, Case{Given: []Given{configured("lifecycle", plainRule)}, When: read})
	remove := func(s *Scene) client.Call { return s.config("DELETE", "lifecycle") }
	b.Case("delete", "removes the rules", By{
		"s3": {Clauses: "S3-LIFE-01", Want: Accepted(204)},
	}, Case{Given: []Given{configured("lifecycle", plainRule)}, When: remove, After: []After{configNone("lifecycle", "NoSuchLifecycleConfiguration")}})
	b.Case("delete/none", "answers the same where there are no rules", By{
		"s3": {Clauses: "S3-LIFE-01", Want: Accepted(204)},
	}, Case{Given: []Given{own("b")}, When: remove})
}

// lifecycleRefused adds a case that a document is refused and changes nothing.
func lifecycleRefused(b *Book, name, text, clauses string, want Want, document string) {
	b.Case(name, text, By{"s3": {Clauses: clauses, Want: want}}, Case{
		Given: []Given{configured("lifecycle", plainRule)},
		When:  setRules(document),
		After: []After{configSame("lifecycle")},
	})
}

func lifecycleMalformed(b *Book) {
	malformed := Refused(400, "MalformedXML")
	status := func(word string) string {
		return rulesOf(xmlOf("Rule", xmlOf("ID", "r"), xmlOf("Filter", xmlOf("Prefix", "p")), xmlOf("Status", word), daysOf("7")))
	}
	for _, c := range []struct{ name, text, clause, document string }{
		{"parts/no-filter", "refuses a rule that does not say for which objects it is", "S3-LIFE-04", rulesOf(xmlOf("Rule", xmlOf("ID", "r"), xmlOf("Status", "Enabled"), daysOf("7")))},
		{"parts/no-action", "refuses a rule that does nothing", "S3-LIFE-04", rulesOf(ruleOf("r", "p"))},
		{"parts/empty-action", "refuses an action without content", "S3-LIFE-04", rulesOf(ruleOf("r", "p", xmlOf("NoncurrentVersionExpiration")))},
		{"parts/no-status", "refuses a rule without a status", "S3-LIFE-04", rulesOf(xmlOf("Rule", xmlOf("ID", "r"), xmlOf("Filter", xmlOf("Prefix", "p")), daysOf("7")))},
		{"parts/no-rule", "refuses a document without a rule", "S3-LIFE-04", rulesOf()},
		{"status/enabled", "refuses the status enabled in small letters", "S3-LIFE-05", status("enabled")},
		{"status/disabled", "refuses the status disabled in small letters", "S3-LIFE-05", status("disabled")},
		{"status/invalid", "refuses a status that there is not", "S3-LIFE-05", status("invalid")},
		{"filter/and-prefix", "refuses a filter of And together with a prefix", "S3-LIFE-06",
			rulesOf(ruleWith(xmlOf("Filter", xmlOf("And", xmlOf("Prefix", "p"), xmlOf("ObjectSizeGreaterThan", "5")), xmlOf("Prefix", "p"))))},
		{"filter/prefix-size", "refuses a filter of a prefix and a size", "S3-LIFE-06",
			rulesOf(ruleWith(xmlOf("Filter", xmlOf("Prefix", "p"), xmlOf("ObjectSizeGreaterThan", "5"))))},
		{"marker/days", "refuses markers together with days", "S3-LIFE-09", rulesOf(ruleOf("r", "p", xmlOf("Expiration", xmlOf("Days", "7"), xmlOf("ExpiredObjectDeleteMarker", "true"))))},
		{"marker/date", "refuses markers together with a date", "S3-LIFE-09", rulesOf(ruleOf("r", "p", xmlOf("Expiration", xmlOf("Date", "2040-01-01T00:00:00Z"), xmlOf("ExpiredObjectDeleteMarker", "true"))))},
	} {
		lifecycleRefused(b, c.name, c.text, c.clause, malformed, c.document)
	}
	b.Case("status/off", "takes a rule that is not in force", By{"s3": {Clauses: "S3-LIFE-05", Want: Accepted(200)}}, Case{
		Given: []Given{own("b")}, When: setRules(status("Disabled")),
	})
}

func lifecycleWrong(b *Book) {
	invalid := Refused(400, "InvalidArgument")
	lifecycleRefused(b, "id/repeated", "refuses two rules of one ID", "S3-LIFE-03", invalid, rulesOf(ruleOf("r", "a", daysOf("7")), ruleOf("r", "b", daysOf("7"))))
	lifecycleRefused(b, "date/noon", "refuses a date with a time of day", "S3-LIFE-07", invalid.With(element("ArgumentName", "Date")),
		rulesOf(ruleOf("r", "p", xmlOf("Expiration", xmlOf("Date", "2040-01-01T10:00:00Z")))))
	lifecycleRefused(b, "filter/tags-repeated", "refuses two tags of one name", "S3-LIFE-08", Refused(400, "InvalidRequest"),
		rulesOf(ruleWith(xmlOf("Filter", xmlOf("And", xmlOf("Prefix", "p"), xmlOf("Tag", xmlOf("Key", "k"), xmlOf("Value", "1")), xmlOf("Tag", xmlOf("Key", "k"), xmlOf("Value", "2")))))))
	for _, days := range []string{"0", "-1"} {
		lifecycleRefused(b, "days/"+strings.Replace(days, "-", "minus-", 1), "refuses "+days+" days", "S3-LIFE-10", invalid, rulesOf(ruleOf("r", "p", daysOf(days))))
	}
	move := func(days, class string) string {
		return rulesOf(ruleOf("r", "p", xmlOf("Transition", xmlOf("Days", days), xmlOf("StorageClass", class))))
	}
	for _, class := range []string{"STANDARD_IA", "ONEZONE_IA"} {
		lifecycleRefused(b, "move/29-"+lower(strings.ReplaceAll(class, "_", "-")), "refuses to move objects to "+class+" after 29 days", "S3-LIFE-12", invalid, move("29", class))
	}
	b.Case("move/30-days", "takes a move after 30 days", By{"s3": {Clauses: "S3-LIFE-12", Want: Accepted(200)}}, Case{
		Given: []Given{own("b")}, When: setRules(move("30", "STANDARD_IA")),
	})
}

// manyRules are n rules of different IDs.
func manyRules(n int) string {
	var all []string
	for i := range n {
		all = append(all, ruleOf("r"+itoa(i), "p"+itoa(i)+"/", daysOf("7")))
	}
	return rulesOf(all...)
}

func lifecycleBounds(b *Book) {
	long := func(n int) string { return rulesOf(ruleOf(strings.Repeat("i", n), "p", daysOf("7"))) }
	newer := func(n string) string {
		return rulesOf(ruleOf("r", "p", xmlOf("NoncurrentVersionExpiration", xmlOf("NoncurrentDays", "7"), xmlOf("NewerNoncurrentVersions", n))))
	}
	lifecycleRefused(b, "bounds/rules-over", "refuses one rule more than a bucket may have", "S3-LIFE-02", Refused(400, "MalformedXML"), manyRules(1001))
	lifecycleRefused(b, "bounds/id-over", "refuses an ID of 256 characters", "S3-LIFE-03", Refused(400, "InvalidArgument"), long(256))
	lifecycleRefused(b, "bounds/newer-over", "refuses more than 100 versions that stay", "S3-LIFE-11", Accepted(400), newer("101"))
	for _, c := range []struct{ name, text, clause, document string }{
		{"rules-most", "takes as many rules as a bucket may have", "S3-LIFE-02", manyRules(1000)},
		{"id-most", "takes an ID of 255 characters", "S3-LIFE-03", long(255)},
	} {
		b.Case("bounds/"+c.name, c.text, By{"s3": {Clauses: c.clause, Want: Accepted(200)}}, Case{Given: []Given{own("b")}, When: setRules(c.document)})
	}
}

// expiresBy is what a reply says of when an object expires, by a rule.
func expiresBy(rule string) gomega.OmegaMatcher {
	return gomega.MatchRegexp(`^expiry-date="[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} 00:00:00 GMT", rule-id="` + regexp.QuoteMeta(rule) + `"$`)
}

// withinOwn is a call about a key of the case's own bucket.
func (s *Scene) withinOwn(method, key, body string) client.Call {
	return client.Call{Method: method, Bucket: s.Own("b"), Key: s.In(s.Own("b"), key), Body: []byte(body)}
}

// there puts an object into the case's own bucket.
func there(key string) Given { return func(s *Scene) { s.Must(s.withinOwn("PUT", key, "content")) } }

func lifecycleTold(b *Book) {
	rules := configured("lifecycle", plainRule)
	for _, method := range []string{"PUT", "GET", "HEAD"} {
		given := []Given{rules, there("a")}
		body := ""
		if method == "PUT" {
			given, body = given[:1], "content"
		}
		b.Case("told/"+lower(method), "tells with "+method+" when an object expires, and why", By{
			"s3": {Clauses: "S3-LIFE-13", Want: Shown().Field("x-amz-expiration", expiresBy("expire"))},
		}, Case{Given: given, When: func(s *Scene) client.Call { return s.withinOwn(method, "a", body) }})
	}
	several := configured("lifecycle", rulesOf(ruleOf("late", "test", daysOf("9")), ruleOf("early", "testobject", daysOf("3"))))
	for _, c := range []struct {
		name, text, key string
		want            any
	}{
		{"prefix", "tells an object the rule of its prefix", "test-1", expiresBy("late")},
		{"earliest", "tells an object the earliest of its rules", "testobject", expiresBy("early")},
		{"none", "tells an object nothing that no rule is about", "other", Absent},
	} {
		b.Case("match/"+c.name, c.text, By{
			"s3": {Clauses: "S3-LIFE-14", Want: Shown().Field("x-amz-expiration", c.want)},
		}, Case{Given: []Given{several}, When: func(s *Scene) client.Call { return s.withinOwn("PUT", c.key, "content") }})
	}
	lifecycleFilters(b)
	abort := configured("lifecycle", rulesOf(ruleOf("ends", "", xmlOf("AbortIncompleteMultipartUpload", xmlOf("DaysAfterInitiation", "3")))))
	b.Case("told/abort", "tells an upload when a rule ends it, and which", By{
		"s3": {Clauses: "S3-MPU-56", Want: Shown().Field("x-amz-abort-rule-id", "ends").Field("x-amz-abort-date", gomega.HaveSuffix(" 00:00:00 GMT"))},
	}, Case{Given: []Given{abort}, When: func(s *Scene) client.Call {
		call := s.withinOwn("POST", "a", "")
		call.Query = configQuery("uploads")
		return call
	}})
}

// lifecycleFilters are rules for tags and sizes.
func lifecycleFilters(b *Book) {
	for _, c := range []struct{ name, text, filter string }{
		{"size", "tells an object nothing that is too small for the rule", xmlOf("ObjectSizeGreaterThan", "100")},
		{"tag", "tells an object nothing that has not the tag of the rule", xmlOf("Tag", xmlOf("Key", "k"), xmlOf("Value", "v"))},
	} {
		b.Case("match/"+c.name, c.text, By{
			"s3": {Clauses: "S3-LIFE-14", Want: Shown().Field("x-amz-expiration", Absent)},
		}, Case{
			Given: []Given{configured("lifecycle", rulesOf(ruleWith(xmlOf("Filter", c.filter))))},
			When:  func(s *Scene) client.Call { return s.withinOwn("PUT", "a", "content") },
		})
	}
}

// lifecycleEffects let the clock of an emulator of the case's own go on.
func lifecycleEffects(b *Book) {
	for _, c := range []struct {
		name, text string
		pass       time.Duration // from 04:05:06 of the day on which the object is put
		want       Want
	}{
		{"not-before", "keeps an object until the midnight after its days", 43 * time.Hour, Accepted(200)},
		{"due", "removes an object at the midnight after its days", 44 * time.Hour, Accepted(404)},
	} {
		b.Case("expires/"+c.name, c.text, By{
			"s3": {Clauses: "S3-LIFE-17", Want: c.want, Rests: "S3-ERR-02"},
		}, Case{
			Needs: NeedsPrivate,
			Given: []Given{standing, configured("lifecycle", rulesOf(ruleOf("expire", "", daysOf("1")))), there("a"), func(s *Scene) { s.Pass(c.pass) }},
			When:  func(s *Scene) client.Call { return s.withinOwn("HEAD", "a", "") },
		})
	}
}
