package client

import "errors"

// What Admit returns (wrapped) for a request that is not to be sent. It was not
// sent, so it says nothing of the target.
var (
	// ErrBudget: it would exceed the requests or the bytes that the run may send.
	// A case that meets it has not run.
	ErrBudget = errors.New("the budget of the run is spent")
	// ErrReadOnly: the run is to write nothing. A case that meets it has not run.
	ErrReadOnly = errors.New("the run is read-only")
	// ErrMarkers: it would leave delete markers that nobody can name in a bucket of
	// somebody else's. A case that meets it has not run.
	ErrMarkers = errors.New("the bucket keeps versions, and a removal of several objects leaves markers there that no ledger can name")
	// ErrAbsent: it uses a feature that the target file declares absent, and the
	// probe agrees. A case that meets it is unsupported.
	ErrAbsent = errors.New("is declared absent")
)
