package client

import "errors"

// ErrBudget is what Admit returns (wrapped) when a request's body would exceed
// the byte budget of the run. The request was not sent, so it says nothing of
// the target: a case that meets it has not run.
var ErrBudget = errors.New("the byte budget of the run is spent")
