// Package suites holds the cases: what the documents ask of a store, written
// down as values that Ginkgo runs against any endpoint. One file or more per
// chapter. What differs between dialects is a row of a table; a dialect whose
// documents ask nothing gets no case.
//
// Expectations are literals that stand beside the clause they come from. They
// are never read from the emulator or from internal/dialect: a wrong datum
// there must show here.
package suites

import (
	"fmt"
	"slices"
	"strings"

	"objectharness/internal/client"
)

// A Case asks one thing of a store.
type Case struct {
	ID      string   // dialect/chapter/name, for ever
	Dialect string   // oss, cos, bos, s3
	Chapter string   // object, append, …
	Text    string   // completes "it …"
	Clauses []string // at most three
	Rests   []string // clauses of others that this case may fail with, at most five
	Needs   Need     // what it takes besides one account
	Offline bool     // it judges the harness itself: it asks no target, and runs only where the target is ours

	As Role // who makes the request that is judged

	Given []Given                  // steps that must hold, else the case is blocked
	When  func(*Scene) client.Call // the one request that is judged
	Then  []Want                   // what its reply must be
	After []After                  // what must be seen afterwards
	Run   func(*Scene)             // instead of When and Then, where one request cannot say it
}

// A Given step brings the store into the state that the case starts from; it
// uses the Must methods of the scene.
type Given func(*Scene)

// An After is a later look at the store.
type After struct {
	Text string // what it shows: "the object is as it was"
	Call func(*Scene) client.Call
	Want Want
	As   Role // who looks
}

// A Role is who makes a request.
type Role uint8

// The roles. A case that asks as the second account needs it (NeedsOther).
const (
	Owner  Role = iota // the account that owns the buckets
	Second             // another account
	Nobody             // nobody: the request is not signed
)

// Need says what a case takes besides one account.
type Need uint8

// Needs can be added up.
const (
	NeedsOther   Need = 1 << iota // a second account
	NeedsPrivate                  // an emulator of its own: clock, keys, limits
)

// A Row is what one dialect's documents say in a case that several share.
type Row struct {
	Clauses string // clause ids, separated by blanks, at most three
	Want    Want   // about the clauses that no other want names
	More    []Want // about further clauses
	Rests   string // clause ids of others, separated by blanks
}

// By holds the rows of a case, by dialect.
type By map[string]Row

// A Book collects the cases of one chapter for one dialect.
type Book struct {
	Dialect string
	Chapter string
	W       Words
	cases   []Case
}

// Case adds a case if the dialect has a row in by. name is the last part of the
// id; the row's wants stand in front of those that the case brings itself.
func (b *Book) Case(name, text string, by By, c Case) {
	row, ok := by[b.Dialect]
	if !ok {
		return
	}
	c.ID = b.Dialect + "/" + b.Chapter + "/" + name
	c.Dialect, c.Chapter, c.Text = b.Dialect, b.Chapter, text
	c.Clauses, c.Rests = strings.Fields(row.Clauses), append(c.Rests, strings.Fields(row.Rests)...)
	c.Then = append(append([]Want{row.Want}, row.More...), c.Then...)
	b.cases = append(b.cases, c)
}

// about lists the clauses of a want.
func (c *Case) about(w Want) []string {
	if w.Clause != "" {
		return strings.Fields(w.Clause)
	}
	named := map[string]bool{}
	for _, other := range c.Then {
		for _, id := range strings.Fields(other.Clause) {
			named[id] = true
		}
	}
	for _, a := range c.After {
		for _, id := range strings.Fields(a.Want.Clause) {
			named[id] = true
		}
	}
	rest := slices.DeleteFunc(slices.Clone(c.Clauses), func(id string) bool { return named[id] })
	if len(rest) == 0 {
		return c.Clauses[:1]
	}
	return rest
}

// chapters are the functions that write each chapter's book, in the order of
// the report.
var chapters = []struct {
	name  string
	write []func(*Book)
}{
	{"object", objectBooks},
	{"append", appendBooks},
	{"conditional", conditionalBooks},
	{"multipart", multipartBooks},
	{"delete-many", deleteManyBooks},
	{"copy", copyBooks},
	{"list", listBooks},
	{"versioning", versioningBooks},
	{"lock", lockBooks},
	{"post", postBooks},
	{"acl", aclBooks},
	{"policy", policyBooks},
	{"cors", corsBooks},
	{"bucket", bucketBooks},
	{"addressing", addressBooks},
	{"tagging", taggingBooks},
	{"lifecycle", lifecycleBooks},
	{"encryption", encryptionBooks},
	{"checksum", checksumBooks},
	{"website", websiteBooks},
	{"storage-class", storageBooks},
	{"restore", restoreBooks},
	{"throttling", mishapBooks},
	{"signing", slices.Concat(signingBooks, signingVectorBooks)},
	{"presign", slices.Concat(presignBooks, presignVectorBooks)},
}

// Cases returns every case of a dialect, in the order of the chapters.
func Cases(dialect string) []Case {
	var out []Case
	for _, ch := range chapters {
		b := &Book{Dialect: dialect, Chapter: ch.name, W: wordsOf[dialect]}
		for _, write := range ch.write {
			write(b)
		}
		out = append(out, b.cases...)
	}
	return out
}

// Dialects lists the dialects that have cases, in the order of the report.
func Dialects() []string { return []string{"oss", "cos", "bos", "s3"} }

// Check tells what is wrong with a set of cases: an id used twice, no clause
// or more than three, nothing asserted.
func Check(cases []Case) error {
	seen := map[string]bool{}
	for _, c := range cases {
		if err := c.check(); err != nil {
			return fmt.Errorf("suites: case %s: %w", c.ID, err)
		}
		if seen[c.ID] {
			return fmt.Errorf("suites: case %s is there twice", c.ID)
		}
		seen[c.ID] = true
	}
	return nil
}

// second tells whether a request of the case is one of the second account.
func (c *Case) second() bool {
	return c.As == Second || slices.ContainsFunc(c.After, func(a After) bool { return a.As == Second })
}

func (c *Case) check() error {
	asserts := c.Run != nil || slices.ContainsFunc(c.Then, func(w Want) bool { return !w.empty() })
	for _, a := range c.After {
		asserts = asserts || !a.Want.empty()
	}
	switch {
	case strings.ContainsAny(c.ID, " &|!,()"):
		return fmt.Errorf("the id holds a blank or one of & | ! , ( )")
	case len(c.Clauses) == 0 || len(c.Clauses) > 3:
		return fmt.Errorf("%d clauses, want one to three", len(c.Clauses))
	case len(c.Rests) > 5:
		return fmt.Errorf("rests on %d clauses, want at most five", len(c.Rests))
	case !asserts:
		return fmt.Errorf("nothing is asserted")
	case c.second() && c.Needs&NeedsOther == 0:
		return fmt.Errorf("asks as the second account, which it does not say it needs")
	case (c.When == nil) == (c.Run == nil):
		return fmt.Errorf("want either When or Run")
	}
	return nil
}
