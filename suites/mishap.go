package suites

import (
	"time"

	"objectharness/internal/client"
	"objectharness/internal/wire"
)

// mishapBooks write the chapter throttling: a service that is asked too much, or
// not well. Only an emulator of the case's own can be made so.
var mishapBooks = []func(*Book){mishapRates, mishapFaults, mishapChanges, flowing, flowHeld, flowSigned, accelerated}

// mishap opens an emulator of the case's own, whose clock stands, with a limit
// that makes something go wrong.
func mishap(limit string, n int64) Given {
	return func(s *Scene) {
		s.NewPrivate(Setup{Time: time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC), Limits: map[string]int64{limit: n}})
		own("b")(s)
	}
}

func mishapRates(b *Book) {
	for _, method := range []string{"GET", "PUT"} {
		b.Case("rate/"+lower(method), "refuses "+method+" beyond the rate, and serves it when there is time again", By{
			"oss": {Clauses: "OSS-XFLOW-01", Want: Refused(503, "TotalQpsLimitExceeded")},
			"cos": {Clauses: "COS-XTHR-01 COS-XERR-27", Want: Refused(503, "SlowDown")},
			"bos": {Clauses: "BOS-ERR-53", Want: Refused(503, "SlowDown")},
			"s3":  {Clauses: "S3-LOAD-01", Want: Refused(503, "SlowDown")},
		}, Case{
			Needs: NeedsPrivate,
			Given: []Given{mishap("Requests", 1), func(s *Scene) { s.Pass(time.Second); s.Must(s.withinOwn("PUT", "k", "content")) }},
			When:  func(s *Scene) client.Call { return s.withinOwn(method, "k", "content") },
			After: []After{{Text: "a second later it is served", Call: func(s *Scene) client.Call { s.Pass(time.Second); return readsOwn("k")(s) }, Want: Want{Status: 2}}},
		})
	}
}

func mishapFaults(b *Book) {
	fails := func(s *Scene) { s.MustStatus(500, "", s.withinOwn("PUT", "k", "content")) }
	again := []After{{Text: "the same request succeeds", Call: func(s *Scene) client.Call { return s.withinOwn("PUT", "k", "content") }, Want: Want{Status: 2}}}
	b.Case("fault/error", "tells an error inside the service, after which the request can be repeated", By{
		"oss": {Clauses: "OSS-XFLOW-04 OSS-XFLOW-05", Want: Refused(500, "InternalError")},
		"cos": {Clauses: "COS-XERR-25", Want: Refused(500, "InternalError")},
		"bos": {Clauses: "BOS-ERR-21", Want: Refused(500, "InternalError")},
		"s3":  {Clauses: "S3-LOAD-03", Want: Refused(500, "InternalError")},
	}, Case{Needs: NeedsPrivate, Given: []Given{mishap("Faults", 1)}, When: func(s *Scene) client.Call { return s.withinOwn("PUT", "k", "content") }, After: again})
	b.Case("fault/unavailable", "tells that the service is not available, after which the request can be repeated", By{
		"oss": {Clauses: "OSS-XFLOW-04", Want: Refused(503, "ServiceUnavailable")},
		"cos": {Clauses: "COS-XERR-27", Want: Refused(503, "ServiceUnavailable")},
		"bos": {Clauses: "BOS-ERR-52", Want: Refused(503, "ServiceUnavailable")},
		"s3":  {Clauses: "S3-LOAD-03", Want: Refused(503, "ServiceUnavailable")},
	}, Case{Needs: NeedsPrivate, Given: []Given{mishap("Faults", 2), fails}, When: func(s *Scene) client.Call { return s.withinOwn("PUT", "k", "content") }, After: again})
}

func mishapChanges(b *Book) {
	for _, c := range []struct {
		name string
		call func(*Scene) client.Call
	}{
		{"put", policyFor(policySpaced)},
		{"delete", func(s *Scene) client.Call { return s.config("DELETE", "policy") }},
		{"other", func(s *Scene) client.Call { return s.setConfig("website", webOf(webIndex)) }},
	} {
		b.Case("configuration/"+c.name, "refuses to change the configuration of a bucket while it is being changed", By{
			"s3": {Clauses: "S3-LOAD-04", Want: Refused(409, "OperationAborted")},
		}, Case{
			Needs: NeedsPrivate,
			Given: []Given{mishap("Settling", 60), func(s *Scene) {
				s.Must(policyFor(policyHarmless)(s))
				s.Keep("policy", string(s.Must(s.config("GET", "policy")).Body))
			}},
			When:  c.call,
			After: []After{configSame("policy")},
		})
	}
}

// flowing bounds the rate of a transfer.
func flowing(b *Book) {
	field := b.W.Prefix + "traffic-limit"
	limited := func(method, rate string) func(*Scene) client.Call {
		return func(s *Scene) client.Call {
			return client.Call{Method: method, Bucket: s.Bucket, Key: s.Key("k"), Body: map[string][]byte{"PUT": []byte("content")}[method], Fields: []wire.Field{Field(field, rate)}}
		}
	}
	given := []Given{put("k", "content")}
	invalid := Refused(400, "InvalidArgument")
	for _, method := range []string{"GET", "PUT"} {
		for name, rate := range byName(map[string]string{"below": "819199", "above": "838860801", "text": "abc"}) {
			by := By{"oss": {Clauses: "OSS-XFLOW-06", Want: invalid}, "cos": {Clauses: "COS-PUT-09 COS-XPUT-15", Want: invalid}, "bos": {Clauses: "BOS-HDR-20", Want: invalid}}
			if name == "text" {
				delete(by, "bos")
			}
			b.Case("flow/"+lower(method)+"-"+name, "refuses to bound the rate of "+method+" by "+rate, by, Case{Given: given, When: limited(method, rate)})
		}
		for name, rate := range byName(map[string]string{"least": "819200", "most": "838860800"}) {
			b.Case("flow/"+lower(method)+"-"+name, "bounds the rate of "+method+" by "+rate, By{
				"oss": {Clauses: "OSS-XFLOW-06", Want: Accepted(2)}, "cos": {Clauses: "COS-PUT-09 COS-XPUT-15", Want: Accepted(2)},
			}, Case{Given: given, When: limited(method, rate)})
		}
	}
	b.Case("flow/both", "refuses a rate in a field and in a parameter", By{"oss": {Clauses: "OSS-XFLOW-07", Want: invalid}}, Case{Given: given, When: func(s *Scene) client.Call {
		call := limited("GET", "819200")(s)
		call.Query = []wire.Param{{Name: field, Value: "819200"}}
		return call
	}})
}
