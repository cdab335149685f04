package suites

import (
	"strings"

	"objectharness/internal/client"
)

// postQuoted wants refusals to write out the condition that does not hold.
func postQuoted(b *Book) {
	told := func(condition string) Want {
		return Want{}.With(func(_ *Scene, r *client.Reply) []Flaw {
			if want := "Policy Condition failed: " + condition; !strings.HasSuffix(r.Err.Message, want) {
				return []Flaw{{"a Message that ends in " + want, excerpt(r.Err.Message)}}
			}
			return nil
		})
	}
	b.formWrong("quoted/eq", "writes out an exact condition that does not hold", By{
		"s3": {Clauses: "S3-POST-42", Want: told(`["eq", "$success_action_redirect", "http://example.com/X"]`), Rests: "S3-ERR-01 S3-POST-19"},
	}, nil, formWith("success_action_redirect", "http://example.com/Y"), formDemands(condOp("eq", "success_action_redirect", "http://example.com/X")))
	b.formWrong("quoted/starts-with", "writes out the prefix that a field does not have", By{
		"s3": {Clauses: "S3-POST-42", Want: told(`["starts-with", "$x-amz-meta-a", "user/"]`), Rests: "S3-ERR-01 S3-POST-22"},
	}, nil, formWith("x-amz-meta-a", "other"), formDemands(condOp("starts-with", "x-amz-meta-a", "user/")))
}
