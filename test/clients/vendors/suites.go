//go:build suites

package main

// What the tests of an SDK import beyond it, so that go.mod keeps it.
import _ "gopkg.in/check.v1"
