package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// ciCommands are the commands of an example for a CI system that name the harness
// or what it wrote, in the order of the file.
func ciCommands(t *testing.T, name string) (commands []string) {
	t.Helper()
	text, err := os.ReadFile("../../docs/ci/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	var walk func(n *yaml.Node)
	walk = func(n *yaml.Node) {
		if n.Kind == yaml.ScalarNode && (strings.Contains(n.Value, "bin/harness ") || strings.Contains(n.Value, " out/") || strings.HasPrefix(n.Value, "mkdir ")) {
			commands = append(commands, n.Value)
		}
		for _, child := range n.Content {
			walk(child)
		}
	}
	walk(&doc)
	return commands
}

// Every command of the examples works where they put it: the harness is built, the
// store answers, and the main branch has left a baseline.
func TestCIExamples(t *testing.T) {
	for _, name := range []string{"github.yml", "gitlab.yml"} {
		t.Run(name, func(t *testing.T) {
			all := ciCommands(t, name)
			if len(all) < 5 {
				t.Fatalf("%d commands: %q", len(all), all)
			}
			staging := readmeFile(t, "staging.yaml")
			s := startServerFor(t, spoken.FindStringSubmatch(staging)[1])
			cmd := command(t, s, "version")
			ciFolder(t, s, cmd.Dir, example.ReplaceAllString(staging, "http://"+s.addr))
			env := append(cmd.Env, "GITHUB_STEP_SUMMARY="+filepath.Join(cmd.Dir, "summary"), "CI_COMMIT_BRANCH=main", "CI_DEFAULT_BRANCH=main", "CI_PIPELINE_ID=7")
			for _, line := range all {
				line = strings.Replace(line, "--target staging.yaml", "--target staging.yaml --only oss/conditional", 1) // a part is enough
				step := exec.Command("sh", "-ec", line)
				step.Dir, step.Env = cmd.Dir, env
				if out, err := step.CombinedOutput(); err != nil {
					t.Fatalf("%s: %v\n%s", line, err, out)
				}
			}
			for _, made := range []string{"out/run.json", "out/junit.xml", "out/compare.html", "baseline/run.json"} {
				if _, err := os.Stat(filepath.Join(cmd.Dir, made)); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// ciFolder is what a job finds: the harness where it was built, target file and
// waivers of the project, and the run of the main branch.
func ciFolder(t *testing.T, s *server, dir, staging string) {
	t.Helper()
	path, err := exec.LookPath("harness")
	if err != nil {
		t.Fatal(err)
	}
	bin := filepath.Join(dir, "objectharness", "bin")
	if err := os.MkdirAll(bin, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(path, filepath.Join(bin, "harness")); err != nil {
		t.Fatal(err)
	}
	writeFile(t, dir, "staging.yaml", staging)
	writeFile(t, dir, "waivers.yaml", "[]\n")
	cmd := command(t, s, "run", "--target", filepath.Join(dir, "staging.yaml"), "--only", "oss/conditional", "--out", filepath.Join(dir, "baseline"))
	if p := run(t, cmd); p.code != 0 {
		t.Fatalf("exit code %d\n%s\n%s", p.code, p.stdout, p.stderr)
	}
}
