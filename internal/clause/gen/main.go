// Command gen packs the clause catalogue, which go generate runs in
// internal/clause: catalogue/*.yaml and chapters.yaml become catalogue.bin.
package main

import (
	"fmt"
	"os"

	"objectharness/internal/clause"
)

func main() {
	packed, err := clause.Pack(os.DirFS("."))
	if err == nil {
		err = os.WriteFile("catalogue.bin", packed, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
