package verdict

import (
	"fmt"

	"objectharness/report"
)

// Exit codes, in the order in which they win: 130, 3, 1, 2, 0.
const (
	Conformant    = 0
	NotConformant = 1   // failed, stale-waiver, or a gate rule
	WrongUsage    = 2   // wrong usage or configuration, nothing selected
	NotDone       = 3   // the harness could not do its work
	Interrupted   = 130 // by the user
)

// An Ending is how a run came to its end, besides its cases.
type Ending struct {
	Interrupted bool
	TargetGone  string // why the target counts as gone, or the preflight that did not hold
	Gate        string // the gate rules that do not hold
	Known       int    // failures that the baseline has, too, where --ratchet lets them: they do not fail the run
	Usage       string // what is wrong with the command line or a file
}

// Exit gives the exit code of a run and the reason in words. A run of which
// nothing at all could be concluded because nothing ran is not conformant: it
// was not done. A code that outranks failed cases says in its reason how many
// there are.
func Exit(cases []report.Case, end Ending) (code int, reason string) {
	sum := sumOf(cases)
	code, reason = exit(sum, end)
	if code == Interrupted || code == NotDone {
		reason = AndFailed(reason, cases)
	}
	return code, reason
}

// AndFailed adds to a reason how many cases failed, where any did.
func AndFailed(reason string, cases []report.Case) string {
	if sum := sumOf(cases); sum.Failed+sum.StaleWaiver > 0 {
		return reason + "; " + broken(sum)
	}
	return reason
}

func sumOf(cases []report.Case) (sum report.Summary) {
	for i := range cases {
		sum.Add(cases[i].Verdict)
	}
	return sum
}

func exit(sum report.Summary, end Ending) (code int, reason string) {
	switch {
	case end.Interrupted:
		return Interrupted, fmt.Sprintf("%d of %s not run", sum.NotRun, number(sum.Cases()))
	case end.TargetGone != "":
		return NotDone, end.TargetGone
	case sum.Error > 0:
		return NotDone, fmt.Sprintf("%s ended in an error of the harness or the network", number(sum.Error))
	case sum.Blocked > 0 && sum.Failed == 0:
		return NotDone, fmt.Sprintf("%s blocked, and none failed that could be the cause", number(sum.Blocked))
	case sum.Failed+sum.StaleWaiver > end.Known:
		return NotConformant, joined(broken(sum), end.Gate)
	case end.Gate != "":
		return NotConformant, end.Gate
	case end.Usage != "":
		return WrongUsage, end.Usage
	case sum.Cases() == 0:
		return WrongUsage, "no case is selected"
	case sum.NotRun == sum.Cases():
		return NotDone, "no case could run"
	case end.Known > 0:
		return Conformant, fmt.Sprintf("no worse than the baseline: %s, as there", broken(sum))
	}
	return Conformant, "every requirement that was checked holds"
}

func joined(reason, more string) string {
	if more == "" {
		return reason
	}
	return reason + "; " + more
}

func broken(sum report.Summary) string {
	switch {
	case sum.StaleWaiver == 0:
		return number(sum.Failed) + " failed"
	case sum.Failed == 0:
		return number(sum.StaleWaiver) + " passed although waived"
	}
	return fmt.Sprintf("%s failed, %d passed although waived", number(sum.Failed), sum.StaleWaiver)
}

func number(n int) string {
	if n == 1 {
		return "1 case"
	}
	return fmt.Sprintf("%d cases", n)
}
