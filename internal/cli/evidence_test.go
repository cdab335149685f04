package cli_test

import (
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"objectharness/internal/target"
	"objectharness/report"
)

// Cases that fail, by dialect: what is broken, and among which cases. Together
// they need a second account, hosts that carry the bucket, upload ids, bodies of
// megabytes, signed URLs, requests without a signature, and buckets that several
// cases share.
var evidences = []struct{ dialect, deviate, only string }{
	{"oss", "append.position,parts.etag,version.deletes", "oss/append/position-below,oss/multipart/parts,oss/versioning/delete"},
	{"oss", "append.position:code", "oss/append/position-below"},
	{"cos", "head.etag,access.granted.write-bucket-acl", "cos/object/head,cos/acl/grant/bucket,cos/presign"},
	{"bos", "access.read-acl,complete.etag-form", "bos/acl/matrix/second/private,bos/multipart/complete"},
	{"s3", "copy.etag-quoted,meta.lower-case,object.missing", "s3/copy/source,s3/object/put/meta,s3/presign/url/get"},
}

// evidenceMost bounds how many cases of a run are tried.
const evidenceMost = 4

// Whatever the report of a failed case says to run works: the line that serves
// the same emulator, the script that sends the case's requests again, freshly
// signed, and the line that runs the case again.
func TestEvidenceWorks(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Fatal("this test sends requests with curl, which is not there: install Debian's package curl")
	}
	for _, tc := range evidences {
		t.Run(tc.dialect+" "+tc.deviate, func(t *testing.T) {
			t.Parallel()
			cmd := command(t, nil, "run", "--dialect", tc.dialect, "--seed", "5", "--deviate", tc.deviate, "--only", tc.only, "--out", "out")
			p := run(t, cmd)
			if p.code != 1 {
				t.Fatalf("exit code %d\n%s%s", p.code, p.stdout, p.stderr)
			}
			r := readRun(t, cmd)
			again := servedAgain(t, r.Targets[0].Serve)
			tried := 0
			for _, c := range spread(r.Cases) {
				if tried == evidenceMost {
					break
				}
				tried++
				sendsAgain(t, &c, again)
			}
			if tried == 0 {
				t.Fatal("no case failed that can be told to a shell")
			}
			failsAgain(t, p.stdout)
		})
	}
}

// The same of a target that is somebody else's, whose accounts have variables and
// whose access key is its secret key as well.
func TestEvidenceOfATarget(t *testing.T) {
	owner, other := target.Accounts("oss", serverSeed)
	owner.SecretKey = owner.AccessKey
	s, err := serveTo(owner, other, "oss", "append.position", "access.read-acl")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.stop)
	cmd := command(t, nil, "run", "--target", "target.yaml", "--only", "oss/append/position-below,oss/acl/matrix/second/private", "--out", "out")
	writeFile(t, cmd.Dir, "target.yaml", "dialect: oss\nendpoint: http://"+s.addr+"\naccounts:\n  owner: {access_key_env: LAB_ID, secret_key_env: LAB_SECRET}\n  other: {access_key_env: GUEST_ID, secret_key_env: GUEST_SECRET}\n")
	vars := []string{"LAB_ID=" + owner.AccessKey, "LAB_SECRET=" + owner.SecretKey, "GUEST_ID=" + other.AccessKey, "GUEST_SECRET=" + other.SecretKey}
	cmd.Env = append(cmd.Env, vars...)
	if p := run(t, cmd); p.code != 1 {
		t.Fatalf("exit code %d\n%s%s", p.code, p.stdout, p.stderr)
	}
	r := readRun(t, cmd)
	if r.Targets[0].Serve != "" {
		t.Errorf("the report says that %q serves somebody else's target", r.Targets[0].Serve)
	}
	failed := spread(r.Cases)
	if len(failed) < 2 {
		t.Fatalf("%d cases can be told", len(failed))
	}
	for _, c := range failed[:2] {
		sendsAgain(t, &c, &stand{told: s.addr, addr: s.addr, env: append(os.Environ(), vars...)})
		if strings.Contains(c.Curl, owner.SecretKey) || strings.Contains(c.Curl, other.SecretKey) {
			t.Errorf("%s: a secret is shown:\n%s", c.ID, c.Curl)
		}
	}
}

// spread are the failed cases whose requests can be told, the longest scripts and
// the shortest in turn.
func spread(cases []report.Case) (out []report.Case) {
	for _, c := range cases {
		if c.Verdict == report.Failed && c.Curl != "" && !strings.Contains(c.Curl, "# not here") && !strings.HasPrefix(c.Curl, "# The case asks") {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b report.Case) int { return len(b.Curl) - len(a.Curl) })
	var turned []report.Case
	for i, j := 0, len(out)-1; i <= j; i, j = i+1, j-1 {
		if turned = append(turned, out[i]); i < j {
			turned = append(turned, out[j])
		}
	}
	return turned
}

// A stand is a server that a line of the report has started.
type stand struct {
	told, addr string // where the line says that it listens, and where it does
	env        []string
}

var listens = regexp.MustCompile(`--listen (127\.0\.0\.1:\d+)`)

// servedAgain runs the line of the report, on a free port, and takes the keys that
// it prints.
func servedAgain(t *testing.T, line string) *stand {
	t.Helper()
	m := listens.FindStringSubmatch(line)
	if m == nil {
		t.Fatalf("the report says to serve by %q", line)
	}
	addr, vars := serveChild(t, strings.Replace(line, m[1], "127.0.0.1:0", 1))
	return &stand{told: m[1], addr: addr, env: append(os.Environ(), vars...)}
}

// serveChild runs a line that serves, in a process of its own, and gives its
// address and the variables that it prints.
func serveChild(t *testing.T, line string) (addr string, vars []string) {
	t.Helper()
	out := &lineWriter{lines: make(chan string, 16)}
	cmd := exec.Command("sh", "-c", "exec "+line)
	cmd.Stdout, cmd.Stderr = out, out
	cmd.Dir = t.TempDir()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	})
	first := <-out.lines
	_, addr, ok := strings.Cut(first, " on http://")
	if !ok {
		t.Fatalf("%s: printed %q", line, first)
	}
	for range 4 {
		vars = append(vars, <-out.lines)
	}
	return addr, vars
}

// sendsAgain runs a case's script and wants the answers that the run got.
func sendsAgain(t *testing.T, c *report.Case, at *stand) {
	t.Helper()
	cmd := exec.Command("sh", "-c", strings.ReplaceAll(c.Curl, at.told, at.addr))
	cmd.Dir, cmd.Env = t.TempDir(), at.env
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil || stderr.Len() > 0 {
		t.Errorf("%s: %v\n%s\n%s", c.ID, err, stderr.String(), c.Curl)
	}
	var got []string
	for _, reply := range strings.Split(string(out), "HTTP/1.1 ")[1:] {
		got = append(got, answerOf(reply[:3], reply))
	}
	want := answers(c)
	if len(got) < len(want) || !slices.Equal(got[len(got)-len(want):], want) { // what prepares a shared bucket comes first
		t.Errorf("%s: answered\n%q\nin the run\n%q\n%s", c.ID, got, want, c.Curl)
	}
}

// answers are status and code of every reply of a case.
func answers(c *report.Case) (all []string) {
	for _, x := range c.Exchanges {
		text := ""
		if x.Reply.Body != nil {
			text = x.Reply.Body.Text
		}
		for range x.Times {
			all = append(all, answerOf(strconv.Itoa(x.Reply.Status), text))
		}
	}
	return all
}

var errorCode = regexp.MustCompile(`<Code>([^<]*)</Code>|"code":"([^"]*)"`)

func answerOf(status, text string) string {
	if m := errorCode.FindStringSubmatch(text); m != nil && status >= "300" {
		status += " " + m[1] + m[2]
	}
	return status
}

// failsAgain runs the first line that a run prints to run a case again.
func failsAgain(t *testing.T, stdout string) {
	t.Helper()
	m := regexp.MustCompile(`(?m)^  (harness run .*--only (\S+))$`).FindStringSubmatch(stdout)
	if m == nil {
		t.Fatalf("no line runs a case again:\n%s", stdout)
	}
	cmd := exec.Command("sh", "-c", m[1])
	cmd.Dir = t.TempDir()
	out, err := cmd.Output()
	if cmd.ProcessState.ExitCode() != 1 || !strings.Contains(string(out), "FAILED "+m[2]+":") {
		t.Errorf("%s: %v\n%s", m[1], err, out)
	}
}
