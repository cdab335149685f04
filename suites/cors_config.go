package suites

import (
	"strings"

	"github.com/onsi/gomega"

	"objectharness/internal/client"
)

// corsPadded is a configuration of one rule and n bytes.
func corsPadded(s *Scene, n int) string {
	text := s.W.DoomForm(crossXML("", corsPage), crossJSON(corsPage))
	last := len(text) - 1
	if text[last] == '>' {
		last = strings.LastIndexByte(text, '<')
	}
	return text[:last] + strings.Repeat(" ", n-len(text)) + text[last:]
}

// corsRules are n rules that differ.
func corsRules(n int) (rules []crossRule) {
	for i := range n {
		rules = append(rules, crossRule{Origins: "http://" + itoa(i) + ".example.com", Methods: "GET", Age: "5"})
	}
	return rules
}

func corsBounds(b *Book) {
	rules := map[string]int{"oss": 10, "cos": 100, "bos": 100, "s3": 100}[b.Dialect]
	size := map[string]int{"oss": 16 << 10, "cos": 64 << 10, "bos": 20 << 10, "s3": 64 << 10}[b.Dialect]
	b.corsSets("bounds/rules-most", "takes as many rules as a bucket may have", By{
		"oss": {Clauses: "OSS-XCORS-03", Want: Accepted(200)},
		"cos": {Clauses: "COS-XCORS-02", Want: Accepted(200)},
		"bos": {Clauses: "BOS-CORS-03", Want: Accepted(200)},
		"s3":  {Clauses: "S3-CORS-06", Want: Accepted(200)},
	}, Case{
		Given: []Given{own("b")},
		When:  func(s *Scene) client.Call { return s.putCORS(corsRules(rules)...) },
		After: []After{corsHolds(corsRules(rules)...)},
	})
	b.Case("bounds/rules-over", "refuses one rule more than a bucket may have", By{
		"oss": {Clauses: "OSS-XCORS-03", Want: Refused(400, "CORSRuleBeyondLimit")},
		"cos": {Clauses: "COS-XCORS-02", Want: Refused(400, "InvalidArgument")},
		"bos": {Clauses: "BOS-CORS-03", Want: Refused(400, "InvalidArgument")},
		"s3":  {Clauses: "S3-CORS-06", Want: Refused(400, "InvalidRequest")},
	}, Case{
		Given: []Given{crossing(corsPage)},
		When:  func(s *Scene) client.Call { return s.putCORS(corsRules(rules + 1)...) },
		After: []After{corsSame()},
	})
	b.corsSets("bounds/size-most", "takes a document of the greatest size", By{
		"oss": {Clauses: "OSS-XCORS-04", Want: Accepted(200)},
		"cos": {Clauses: "COS-XCORS-02", Want: Accepted(200)},
		"bos": {Clauses: "BOS-CORS-04 BOS-ERR-16", Want: Accepted(200)},
		"s3":  {Clauses: "S3-CORS-06", Want: Accepted(200)},
	}, Case{
		Given: []Given{own("b")},
		When:  func(s *Scene) client.Call { return s.putCORSText(corsPadded(s, size)) },
		After: []After{corsHolds(corsPage)},
	})
	b.Case("bounds/size-over", "refuses a document of one byte more than the greatest size", By{
		"oss": {Clauses: "OSS-XCORS-04", Want: Refused(400, "MalformedXML")},
		"cos": {Clauses: "COS-XCORS-02", Want: Refused(400, "XMLSizeLimit")},
		"bos": {Clauses: "BOS-CORS-04 BOS-ERR-16", Want: Refused(400, "EntityTooLarge")},
		"s3":  {Clauses: "S3-CORS-06", Want: Refused(400, "InvalidRequest")},
	}, Case{
		Given: []Given{crossing(crossRule{Origins: "*", Methods: "GET", Age: "5"})},
		When:  func(s *Scene) client.Call { return s.putCORSText(corsPadded(s, size+1)) },
		After: []After{corsSame()},
	})
	long := func(n int) crossRule {
		return crossRule{ID: strings.Repeat("i", n), Origins: "*", Methods: "GET", Age: "5"}
	}
	b.Case("bounds/id-most", "takes an id of 255 characters", By{"s3": {Clauses: "S3-CORS-06", Want: Accepted(200)}}, Case{
		Given: []Given{own("b")},
		When:  func(s *Scene) client.Call { return s.putCORS(long(255)) },
		After: []After{corsHolds(long(255))},
	})
	b.Case("bounds/id-over", "refuses an id of 256 characters", By{"s3": {Clauses: "S3-CORS-06", Want: Refused(400, "InvalidRequest")}}, Case{
		Given: []Given{crossing(corsPage)},
		When:  func(s *Scene) client.Call { return s.putCORS(long(256)) },
		After: []After{corsSame()},
	})
}

func corsRead(b *Book) {
	b.Case("get", "tells the rules as they were given", By{
		"oss": {Clauses: "OSS-XCORS-01", Want: Accepted(200).With(corsTells(corsPage))},
		"cos": {Clauses: "COS-XCORS-05", Want: Accepted(200).With(corsTells(corsPage))},
		"bos": {Clauses: "BOS-CORS-01 BOS-API-46", Want: Accepted(200).With(corsTells(corsPage))},
	}, Case{
		Given: []Given{crossing(corsPage)},
		When:  (*Scene).getCORS,
	})
	b.Case("get/space", "tells the rules in the name space of the service", By{
		"s3": {Clauses: "S3-CORS-19", Want: Shown().Content(gomega.MatchRegexp(`<CORSConfiguration [^>]*xmlns=["']http://s3\.amazonaws\.com/doc/2006-03-01/["']`))},
	}, Case{
		Given: []Given{crossing(corsPage)},
		When:  (*Scene).getCORS,
	})
	b.Case("get/none", "tells that there are no rules", By{
		"oss": {Clauses: "OSS-XCORS-09", Want: Refused(404, "NoSuchCORSConfiguration")},
		"cos": {Clauses: "COS-XCORS-05 COS-XCORS-06", Want: Refused(404, "NoSuchCORSConfiguration")},
		"bos": {Clauses: "BOS-ERR-67", Want: Refused(404, "NoSuchCORSConfiguration")},
		"s3": {Clauses: "S3-CORS-01", Want: Refused(404, "NoSuchCORSConfiguration").With(func(s *Scene, r *client.Reply) []Flaw {
			return corsNames(s.Own("b"), r)
		}), Rests: "S3-ERR-03"},
	}, Case{
		Given: []Given{own("b")},
		When:  (*Scene).getCORS,
	})
	b.Case("get/other", "does not tell the rules to another account", By{
		"oss": {Clauses: "OSS-XCORS-10", Want: Refused(403, "AccessDenied")},
	}, Case{
		Needs: NeedsOther, As: Second,
		Given: []Given{crossing(corsPage)},
		When:  (*Scene).getCORS,
	})
	b.Case("get/missing", "answers for a bucket that is not there that it is not there", By{
		"oss": {Clauses: "OSS-XCORS-10", Want: Refused(404, "NoSuchBucket")},
	}, Case{
		When: func(s *Scene) client.Call { return client.Call{Method: "GET", Bucket: s.Absent(), Query: corsQuery} },
	})
	b.Case("put/other", "does not let another account set the rules", By{
		"bos": {Clauses: "BOS-CORS-05", Want: Refused(403, "AccessDenied")},
	}, Case{
		Needs: NeedsOther, As: Second,
		Given: []Given{crossing(corsPage)},
		When:  func(s *Scene) client.Call { return s.putCORS(crossRule{Origins: "*", Methods: "GET"}) },
		After: []After{corsSame()},
	})
}

// corsNames wants a refusal to name the bucket.
func corsNames(bucket string, r *client.Reply) []Flaw {
	if got, _ := extra(r, "BucketName"); got != bucket {
		return []Flaw{{"element BucketName " + bucket, "BucketName " + got}}
	}
	return nil
}

func corsRemoved(b *Book) {
	b.Case("delete", "removes the rules", By{
		"oss": {Clauses: "OSS-XCORS-11", Want: Accepted(204), Rests: "OSS-XCORS-09"},
		"cos": {Clauses: "COS-XCORS-07", Want: Accepted(204), Rests: "COS-XCORS-05"},
		"bos": {Clauses: "BOS-CORS-15 BOS-API-48", Want: Accepted(204), Rests: "BOS-ERR-67"},
		"s3":  {Clauses: "S3-CORS-02", Want: Accepted(204), Rests: "S3-CORS-01"},
	}, Case{
		Given: []Given{crossing(corsPage)},
		When:  (*Scene).deleteCORS,
		After: []After{{Text: "there are no rules", Call: (*Scene).getCORS, Want: Want{Status: 404}}},
	})
	b.Case("delete/none", "answers the same where there are no rules", By{
		"oss": {Clauses: "OSS-XCORS-11", Want: Accepted(204)},
		"s3":  {Clauses: "S3-CORS-02", Want: Accepted(204)},
	}, Case{
		Given: []Given{own("b")},
		When:  (*Scene).deleteCORS,
	})
}
