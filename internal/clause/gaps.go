package clause

import (
	"io/fs"

	"go.yaml.in/yaml/v3"
)

// A Gap says why no case covers a clause although it could be tested.
type Gap struct {
	ID     string
	Reason string // one of GapReasons
	Note   string // what would close it, where the reason does not say it all
}

// GapReasons lists the reasons that a gap may have.
func GapReasons() []string {
	return []string{
		"needs-second-account",  // a second account or sub-account that no embedded role gives
		"needs-kms",             // a key management service
		"needs-huge-body",       // more bytes than a run may move, and no limit that can be scaled
		"needs-fault",           // a mishap inside the service
		"needs-second-region",   // a bucket elsewhere
		"needs-network",         // another source address, name service, TLS, a callback that the service can reach
		"not-observable",        // no request shows it
		"offline-only",          // a signer alone shows it; the vectors test it
		"other-chapter",         // a case of another chapter shows it
		"same-as-other-clause",  // another clause says the same and has the case
		"conflicting-sources",   // the sources contradict each other and no answer counts as right
		"client-behaviour",      // speaks of what a client does
		"paid-feature",          // has to be bought or enabled by the vendor
		"superseded",            // a later edition says otherwise and the emulator follows that
		"implementation-limits", // speaks of availability, speed or durability
	}
}

// parseGaps reads the list of gaps: id, reason and perhaps a note.
func parseGaps(fsys fs.FS, name string, clauses map[string]string) ([]Gap, error) {
	f, root, err := open(fsys, name, yaml.SequenceNode)
	if err != nil {
		return nil, err
	}
	var all []Gap
	seen := map[string]bool{}
	for _, n := range root.Content {
		var g Gap
		f.mapping(n, "a gap", map[string]func(*yaml.Node){
			"id":     f.text(&g.ID, "id"),
			"reason": oneOf(f, &g.Reason, "reason", GapReasons()),
			"note":   f.text(&g.Note, "note"),
		}, "id", "reason")
		if clauses[g.ID] == "" {
			f.wrong(n, "id", "no clause is called %q", g.ID)
		}
		if seen[g.ID] {
			f.wrong(n, "id", "%s stands there twice", g.ID)
		}
		seen[g.ID] = true
		all = append(all, g)
	}
	return all, f.err()
}
