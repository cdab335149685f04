package emulator

import (
	"fmt"
	"strings"

	"objectharness/internal/policy"
)

// quote writes out in a refusal which condition of its policy a form breaks, where
// the dialect does.
func (c *call) quote(f *fault, no *policy.Refusal) {
	op, value := "", no.Want
	switch no.Reason {
	case policy.NotEqual:
		op = "eq"
	case policy.NoPrefix:
		op, value = "starts-with", strings.TrimPrefix(no.Want, anyText)
	}
	if op == "" || !c.e.t.posting.quotes || !c.does("post.condition-quoted") {
		return
	}
	f.said.Message = fmt.Sprintf("Invalid according to Policy: Policy Condition failed: [%q, %q, %q]", op, "$"+strings.TrimPrefix(no.Field, "$"), value)
}
