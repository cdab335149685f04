package main

import (
	"fmt"
	"os"
	"strings"
)

// A reason says why cases fail on a server: a whole case id, its first segments,
// or a clause. Server * is every server.
type reason struct{ server, what, text string }

type reasons []reason

func readReasons(name string) (reasons, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var all reasons
	for i, line := range strings.Split(string(data), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		column := strings.Split(line, "\t")
		if len(column) != 3 || column[2] == "" {
			return nil, fmt.Errorf("%s:%d: want server, case or clause, and reason, parted by tabs", name, i+1)
		}
		all = append(all, reason{column[0], column[1], column[2]})
	}
	return all, nil
}

// of finds the reason that is nearest to a case: one about this server before
// one about all, then the one that names more of the case; a clause counts for
// more than some segments.
func (rs reasons) of(server string, c Case) string {
	best, text := 0, ""
	for _, r := range rs {
		near := r.near(c)
		if near == 0 || r.server != server && r.server != "*" {
			continue
		}
		if r.server == server {
			near += 10_000
		}
		if near > best {
			best, text = near, r.text
		}
	}
	return text
}

func (r reason) near(c Case) int {
	switch {
	case r.what == c.ID:
		return 5_000
	case c.breaks(r.what):
		return 2_000
	case strings.HasPrefix(c.ID, strings.TrimSuffix(r.what, "/")+"/"):
		return len(r.what)
	}
	return 0
}

func (c Case) breaks(clause string) bool {
	for _, b := range c.Broken {
		if b.Clause == clause {
			return true
		}
	}
	return false
}
