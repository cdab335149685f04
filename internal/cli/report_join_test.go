package cli

import (
	"testing"

	"objectharness/report"
)

// Joined runs hide no failure of one behind the end of another.
func TestJoinedReason(t *testing.T) {
	sound, failed, gone := report.Run{Reason: "holds"}, report.Run{Exit: 1, Reason: "2 cases failed"}, report.Run{Exit: 3, Reason: "no reply"}
	for _, tc := range []struct {
		a, b   report.Run
		code   int
		reason string
	}{
		{sound, sound, 0, "holds"},
		{sound, failed, 1, "2 cases failed"},
		{failed, sound, 1, "2 cases failed"},
		{failed, gone, 3, "no reply; 2 cases failed"},
		{gone, failed, 3, "no reply; 2 cases failed"},
		{gone, gone, 3, "no reply"},
	} {
		if code, reason := worst(&tc.a, &tc.b); code != tc.code || reason != tc.reason {
			t.Errorf("%d %q, want %d %q", code, reason, tc.code, tc.reason)
		}
	}
}
