package main

import (
	"os"
	"testing"
)

// TestClients is the door for go test: every SDK, every step.
func TestClients(t *testing.T) {
	table, err := run(t.Context(), options{})
	if err != nil {
		t.Fatal(err)
	}
	table.Print(os.Stdout)
	for _, r := range table.Results {
		if r.Err != nil {
			t.Errorf("%s %s: %v", r.Subject, r.Step, r.Err)
		}
	}
}
