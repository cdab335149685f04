package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// readmeCommands are the lines of README's blocks that begin with bin/harness.
func readmeCommands(t *testing.T) (commands []string) {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	inside := false
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "```") {
			inside = !inside
		} else if inside && strings.HasPrefix(line, "bin/harness ") {
			commands = append(commands, line)
		}
	}
	return commands
}

var (
	remark  = regexp.MustCompile(`\s+#.*$`)
	example = regexp.MustCompile(`"?(\$URL|http://127\.0\.0\.1:9000)"?`)
	listen  = regexp.MustCompile(`127\.0\.0\.1:9001`)
	lasting = regexp.MustCompile(`--duration \S+`)
	spoken  = regexp.MustCompile(`(?:--dialect |dialect: )(\w+)`)
)

// TestReadmeCommands runs every command that README shows, against emulators
// that stand where README says that an endpoint stands. make run and make test
// are stages of CI.
func TestReadmeCommands(t *testing.T) {
	all := readmeCommands(t)
	if len(all) < 7 {
		t.Fatalf("README shows %d commands", len(all))
	}
	for _, line := range all {
		t.Run(line, func(t *testing.T) {
			words := remark.ReplaceAllString(line, "")
			staging := readmeFile(t, "staging.yaml")
			dialect := "s3"
			if m := spoken.FindStringSubmatch(words); m != nil {
				dialect = m[1]
			} else if strings.Contains(words, "--target staging.yaml") {
				dialect = spoken.FindStringSubmatch(staging)[1]
			}
			s := startServerFor(t, dialect)
			words = example.ReplaceAllString(words, "http://"+s.addr)
			words = lasting.ReplaceAllString(strings.ReplaceAll(words, "'", ""), "--duration 500ms")
			words = listen.ReplaceAllString(words, "127.0.0.1:0")
			cmd := command(t, s, strings.Fields(words)[1:]...)
			writeFile(t, cmd.Dir, "staging.yaml", example.ReplaceAllString(staging, "http://"+s.addr))
			writeFile(t, cmd.Dir, "waivers.yaml", "[]\n") // those of README would be stale
			writeRefusal(t, cmd.Dir)
			if strings.HasPrefix(line, "bin/harness serve") {
				serveAndStop(t, cmd)
				return
			}
			if strings.Contains(words, "harness compare") || strings.Contains(words, "run.json") {
				for _, out := range []string{"before", "after", "nightly/1"} {
					oneRun(t, cmd.Dir, out)
				}
			}
			p := run(t, cmd)
			slow := p.code == 1 && strings.Contains(words, "--objective") && strings.Contains(p.stdout, "do not keep the objective") // a busy machine
			if p.code != 0 && !slow {
				t.Errorf("exit code %d\n%s\n%s", p.code, p.stdout, p.stderr)
			}
		})
	}
}

// readmeFile is the block of README that begins with a file's name.
func readmeFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(text), "```yaml\n# "+name+"\n")
	if !found {
		t.Fatalf("README shows no %s", name)
	}
	body, _, _ := strings.Cut(rest, "```")
	return body
}

// README's waivers count for the target of README's target file: the case passes
// against a sound emulator, and is told to be waived without need.
func TestReadmeWaivers(t *testing.T) {
	s := startServerFor(t, "oss")
	cmd := command(t, s, "run", "--target", "staging.yaml", "--waivers", "waivers.yaml", "--only", "oss/append/together")
	writeFile(t, cmd.Dir, "staging.yaml", example.ReplaceAllString(readmeFile(t, "staging.yaml"), "http://"+s.addr))
	day := regexp.MustCompile(`expires: .*`) // the test outlives it
	writeFile(t, cmd.Dir, "waivers.yaml", day.ReplaceAllString(readmeFile(t, "waivers.yaml"), "expires: 2999-12-31"))
	if p := run(t, cmd); p.code != 1 || !strings.Contains(p.stdout, "1 case passed although waived") {
		t.Errorf("exit code %d\n%s\n%s", p.code, p.stdout, p.stderr)
	}
}

func writeFile(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// writeRefusal puts the body of a refusal where README names a file.
func writeRefusal(t *testing.T, dir string) {
	t.Helper()
	text := "<Error><Code>SignatureDoesNotMatch</Code><CanonicalRequest>GET\n/photos/summer%2Bday.txt\n\n\n\nUNSIGNED-PAYLOAD</CanonicalRequest></Error>"
	writeFile(t, dir, "refusal.xml", text)
}

// oneRun leaves a small run in a folder, for commands that read one.
func oneRun(t *testing.T, dir, out string) {
	t.Helper()
	cmd := command(t, nil, "run", "--dialect", "s3", "--only", "s3/conditional", "--out", filepath.Join(dir, out))
	if p := run(t, cmd); p.code != 0 {
		t.Fatalf("exit code %d\n%s\n%s", p.code, p.stdout, p.stderr)
	}
}

// serveAndStop waits for the first line of a server and ends it as a user does.
func serveAndStop(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	out := &lineWriter{lines: make(chan string, 16)}
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line := <-out.lines; !strings.HasPrefix(line, "serving ") {
		t.Errorf("first line %q", line)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("ended with %v", err)
	}
}
