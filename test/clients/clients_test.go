package main

import (
	"os"
	"testing"
)

// TestClients is the door for go test: every SDK, every step.
func TestClients(t *testing.T) {
	table, err := run(t.Context(), options{})
	table.Print(os.Stdout)
	if err != nil {
		t.Error(err)
	}
	for _, r := range table.Results {
		if r.Err != nil {
			t.Errorf("%s %s: %v", r.Subject, r.Step, r.Err)
		}
	}
}
