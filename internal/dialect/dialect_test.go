package dialect_test

import (
	"strings"
	"testing"

	"objectharness/internal/dialect"
)

func TestBrokenTables(t *testing.T) {
	for _, c := range []struct {
		name, want string
		parse      func() error
	}{
		{"route without a kind", "line 2: got 4 columns", func() error { _, err := dialect.ParseRoutes("# x\nGET bucket - -"); return err }},
		{"route of no level", `level "disk"`, func() error { _, err := dialect.ParseRoutes("GET disk - - K"); return err }},
		{"code without a message", "line 1: got 3 columns", func() error { _, err := dialect.ParseCodes("A\t400\tX"); return err }},
		{"code without a status", "A: status", func() error { _, err := dialect.ParseCodes("A\tx\tX\tM"); return err }},
		{"code twice", "twice", func() error { _, err := dialect.ParseCodes("A\t400\tX\tM\nA\t400\tX\tM"); return err }},
		{"refusal in no place", `place "trailer"`, func() error { _, err := dialect.ParseRefusals("s\ttrailer\tr\t403\tA\tX\t-"); return err }},
		{"refusal without a status", "status", func() error { _, err := dialect.ParseRefusals("s\tquery\tr\tx\tA\tX\t-"); return err }},
		{"refusal too short", "columns", func() error { _, err := dialect.ParseRefusals("s\tquery"); return err }},
	} {
		if err := c.parse(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want an error with %q", c.name, err, c.want)
		}
	}
}

func TestMust(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("Must took an error")
		}
	}()
	dialect.Must(dialect.ParseCodes("broken"))
}

func TestRouteOrder(t *testing.T) {
	routes, err := dialect.ParseRoutes("PUT object a&b=1 x,y First One\nPUT object a - Second\nPUT object - - Plain\n")
	if err != nil {
		t.Fatal(err)
	}
	if got := routes[0].Operation; got != "One" {
		t.Errorf("operation is %q, want One", got)
	}
	if got := routes[1].Operation; got != "Second" {
		t.Errorf("operation is %q, want the kind", got)
	}
}

func TestResource(t *testing.T) {
	for want, at := range map[string]dialect.Location{
		"/":    {},
		"/b/":  {Bucket: "b"},
		"/b/k": {Bucket: "b", Key: "k", HasKey: true},
	} {
		if got := at.Resource(); got != want {
			t.Errorf("%+v.Resource() = %q, want %q", at, got, want)
		}
	}
}
