package cli_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"objectharness/internal/cli"
)

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no room") }

func TestKeysThatCannotBePrinted(t *testing.T) {
	stopped, stop := context.WithCancel(t.Context())
	stop()
	for _, show := range []string{"keys", "spread"} {
		args := []string{"keys", "--strategy", "dated", "--count", "2000", "--show", show}
		var said strings.Builder
		if code := cli.Run(t.Context(), args, strings.NewReader(""), full{}, &said); code != 3 || !strings.Contains(said.String(), "no room") {
			t.Errorf("--show %s on a full disk: exit code %d, %q", show, code, said.String())
		}
		if code := cli.Run(stopped, args, strings.NewReader(""), io.Discard, io.Discard); code != 130 {
			t.Errorf("--show %s, interrupted: exit code %d", show, code)
		}
	}
}
