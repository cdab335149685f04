package main

import "fmt"

// all prints every table, or one.
func (b *bench) all(only string) error {
	for _, t := range []struct {
		name, title string
		run         func() error
	}{
		{"cpu", "Client CPU per 4 KiB PUT, client on one processor", func() error { return b.compare("server", true) }},
		{"shared", "Requests a second, client and server share the processors", func() error { return b.compare("server", false) }},
		{"peer", "The same beside a server of fasthttp", func() error { return b.compare("fasthttp", false) }},
		{"pacing", "A plan of 1000 requests a second for 10 s", b.pacing},
		{"sleep", "A server that sleeps 1 s in every 5 s, 1000 requests a second for 20 s, 16 workers", b.sleeping},
		{"memory", "Memory of the generator", b.memory},
		{"knee", "The highest rate that a server of known capacity keeps", b.knee},
		{"same", "The same keys compared with themselves", b.same},
	} {
		if only != "" && only != t.name {
			continue
		}
		fmt.Printf("\n%s\n", t.title)
		if err := t.run(); err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
	}
	return nil
}
