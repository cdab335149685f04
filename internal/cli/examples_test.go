package cli

import (
	"context"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
)

var (
	caseWord   = regexp.MustCompile(`\b(?:(?:oss|cos|bos|s3)/[a-z0-9./-]+|(?:OSS|COS|BOS|S3)-[A-Z0-9-]+-\d+)\b`)
	vectorWord = regexp.MustCompile(`\b[a-z0-9]+-(?:pub|doc)-\w+\b`)
)

// Every case, clause and vector that an example of the help names is there.
func TestExamplesNameWhatExists(t *testing.T) {
	a := &app{ctx: context.Background(), env: os.Getenv, now: time.Now}
	all, err := carriedVectors()
	if err != nil {
		t.Fatal(err)
	}
	vectorIDs := map[string]bool{}
	for i := range all {
		vectorIDs[all[i].ID] = true
	}
	seen := 0
	for _, cmd := range commands(a.root()) {
		example := withoutURLs(cmd.Example)
		for _, word := range caseWord.FindAllString(example, -1) {
			seen++
			if labels, _, err := selected(word); err != nil || len(labels) == 0 {
				t.Errorf("%s: no case is meant by %s: %v", cmd.CommandPath(), word, err)
			}
		}
		for _, word := range vectorWord.FindAllString(example, -1) {
			seen++
			if !vectorIDs[word] {
				t.Errorf("%s: no vector is called %s", cmd.CommandPath(), word)
			}
		}
	}
	if seen < 4 {
		t.Errorf("only %d ids found in examples", seen)
	}
}

func withoutURLs(text string) string {
	return strings.Join(regexp.MustCompile(`\S*://\S*`).Split(text, -1), " ")
}

// commands are a command and all below it.
func commands(cmd *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{cmd}
	for _, sub := range cmd.Commands() {
		all = append(all, commands(sub)...)
	}
	return all
}
