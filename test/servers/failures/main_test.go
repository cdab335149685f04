package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const sample = `{"schema":1,"exit":1,"targets":[{"endpoint":"http://127.0.0.1:4711"}],
 "clauses":[{"id":"S3-X-02","level":"must","confidence":"documented","source":"Reference, GetObject"}],"cases":[
 {"id":"s3/b/two","verdict":"failed","broken":[{"clause":"S3-X-02","what":"status","expected":"304","got":"200"}],
  "curl":"# given 1\nfirst\n# when\ncurl -H 'Range: bytes=0-1' 'http://127.0.0.1:4711/b/k|1'\n# after: more\nlast"},
 {"id":"s3/a/one","verdict":"failed","message":"no \n answer"},
 {"id":"s3/c/three","verdict":"passed"},{"id":"s3/d/four","verdict":"error","message":"no reply"}]}`

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestCompare(t *testing.T) {
	r := write(t, "run.json", sample)
	for _, c := range []struct {
		expected, want string
		differs        bool
	}{
		{"s3/a/one  # x\ns3/b/two  # y\ns3/d/four # mute\n", "4 cases, 3 failed, 0 new, 0 gone\n", false},
		{"# head\n\ns3/a/one  # x\n", "new   s3/b/two: S3-X-02 status: want 304, got 200\nnew   s3/d/four: no reply\n4 cases, 3 failed, 2 new, 0 gone\n", true},
		{"s3/a/one # x\ns3/b/two # now and then y\ns3/c/three # now and then z\ns3/d/four # mute\n", "4 cases, 3 failed, 0 new, 0 gone\n", false},
		{"s3/a/one # x\ns3/b/two # y\ns3/c/three # z\ns3/d/four # mute\n", "gone  s3/c/three is passed: z\n4 cases, 3 failed, 0 new, 1 gone\n", true},
	} {
		var w strings.Builder
		err := run([]string{"compare", write(t, "e", c.expected), r}, &w)
		if w.String() != c.want || errors.Is(err, errDiffers) != c.differs {
			t.Errorf("%q: got %q, %v", c.expected, w.String(), err)
		}
	}
}

func TestARunThatSaysNothingIsAnError(t *testing.T) {
	r := write(t, "run.json", `{"exit":3,"exit_reason":"no target","cases":[{"id":"s3/a/one","verdict":"not-run"}]}`)
	err := run([]string{"compare", write(t, "e", ""), r}, &strings.Builder{})
	if err == nil || errors.Is(err, errDiffers) || !strings.Contains(err.Error(), "no target") {
		t.Errorf("got %v, want the reason of the run", err)
	}
}

func TestExpectationsMustBeExplainedAndSorted(t *testing.T) {
	r := write(t, "run.json", sample)
	for _, expected := range []string{"s3/a/one\n", "s3/a/one # reason wanted\n", "s3/b/two # y\ns3/a/one # x\n", "s3/a/one # x\ns3/a/one # x\n"} {
		if err := run([]string{"compare", write(t, "e", expected), r}, &strings.Builder{}); err == nil || errors.Is(err, errDiffers) {
			t.Errorf("%q: got %v, want an error about the file", expected, err)
		}
	}
}

const handwritten = "# head\n\n*\tS3-X-02\tstatus of all\none\ts3/b\tthe first\none\ts3/a/one\tsilent\n"

func TestUpdateKeepsReasons(t *testing.T) {
	var w strings.Builder
	expected := write(t, "two.txt", "s3/a/one # why\ns3/c/three # z\n")
	if err := run([]string{"update", expected, write(t, "run.json", sample), write(t, "r", handwritten)}, &w); err != nil {
		t.Fatal(err)
	}
	if want := "s3/a/one  # why\ns3/b/two  # status of all\ns3/d/four  # reason wanted\n"; w.String() != want {
		t.Errorf("got %q, want %q", w.String(), want)
	}
}

func TestUpdateNamesUnsteadyCases(t *testing.T) {
	var w strings.Builder
	by := write(t, "r", "*\ts3\twrong\none\ts3/c/three\tnow and then late\n")
	if err := run([]string{"update", "one.txt", write(t, "run.json", sample), by}, &w); err != nil {
		t.Fatal(err)
	}
	if want := "s3/a/one  # wrong\ns3/b/two  # wrong\ns3/c/three  # now and then late\ns3/d/four  # wrong\n"; w.String() != want {
		t.Errorf("got %q, want %q", w.String(), want)
	}
}

func TestUpdateSaysWhereAReasonIsWanted(t *testing.T) {
	var w strings.Builder
	if err := run([]string{"update", "no-such-file", write(t, "run.json", sample), write(t, "r", "")}, &w); err != nil {
		t.Fatal(err)
	}
	if want := "s3/a/one  # reason wanted\ns3/b/two  # reason wanted\ns3/d/four  # reason wanted\n"; w.String() != want {
		t.Errorf("got %q, want %q", w.String(), want)
	}
}

func TestTable(t *testing.T) {
	var w strings.Builder
	r := write(t, "run.json", sample)
	if err := run([]string{"table", write(t, "r", handwritten), "one=" + r, "two=" + r}, &w); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"| one | 4 | 1 | 2 | 0 | 1 |\n",
		"| `s3/a/one` | one, two | no answer |  |  | silent |\n",
		"| `s3/b/two` | one, two | S3-X-02 status: want 304, got 200 | `curl -H 'Range: bytes=0-1' 'http://HOST/b/k\\|1'` | S3-X-02 | the first; status of all |\n",
		"| S3-X-02 | must | documented | Reference, GetObject |\n",
		"3 rows, 1 without a reason.",
	} {
		if !strings.Contains(w.String(), want) {
			t.Errorf("want %q in\n%s", want, w.String())
		}
	}
}

const died = `{"schema":1,"exit":3,"exit_reason":"the target was gone at case s3/a/two; 1 cases failed","cases":[
 {"id":"s3/a/one","verdict":"failed","broken":[{"clause":"S3-X-01"},{"clause":"S3-X-01"}]},
 {"id":"s3/a/two","verdict":"error","message":"no reply"},{"id":"s3/a/three","verdict":"passed"},
 {"id":"s3/b/four","verdict":"not-run","message":"the target was gone at case s3/a/two"},
 {"id":"s3/b/five","verdict":"not-run","message":"there is no second account"},
 {"id":"s3/b/six","verdict":"not-run","message":"the target was gone at case s3/a/two"}]}`

func TestWhatATargetLeft(t *testing.T) {
	r := write(t, "run.json", died)
	for command, want := range map[string]string{
		"left": "s3/b/four,s3/b/six",
		"gone": "the target was gone at case s3/a/two; 1 passed, 1 failed, 0 warned, 0 blocked, 1 errors, 3 not run\n",
	} {
		var w strings.Builder
		if err := run([]string{command, r}, &w); err != nil || w.String() != want {
			t.Errorf("%s: got %q, %v, want %q", command, w.String(), err, want)
		}
	}
}

func TestSum(t *testing.T) {
	var w strings.Builder
	if err := run([]string{"sum", "one=" + write(t, "one", sample), "two=" + write(t, "two", died)}, &w); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"| two | 6 | 1 | 1 | 0 | 4 |\n", "| chapter | one | two |\n|---|---|---|\n",
		"| a | 1 of 1 | 1 of 2 |\n| b | 1 of 1 |  |\n| c | 0 of 1 |  |\n", "| S3-X-01 |  | 1 |\n| S3-X-02 | 1 |  |\n",
	} {
		if !strings.Contains(w.String(), want) {
			t.Errorf("want %q in\n%s", want, w.String())
		}
	}
}

func TestBadCalls(t *testing.T) {
	for _, args := range [][]string{{}, {"compare", "x"}, {"what", "a", "b"}, {"table", "nofile", "a=b"}, {"compare", "nofile", "norun"}} {
		if err := run(args, &strings.Builder{}); err == nil {
			t.Errorf("%q: no error", args)
		}
	}
}
