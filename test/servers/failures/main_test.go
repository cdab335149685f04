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
  "curl":"curl -H 'Authorization: AWS4 x' -H 'Range: bytes=0-1' 'http://127.0.0.1:4711/b/k|1'"},
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
	const silent = "error s3/d/four: no reply\n"
	for _, c := range []struct {
		expected, want string
		differs        bool
	}{
		{"s3/a/one  # x\ns3/b/two  # y\n", "4 cases, 2 failed, 0 new, 0 gone\n", false},
		{"# head\n\ns3/a/one  # x\n", "new   s3/b/two: S3-X-02 status: want 304, got 200\n4 cases, 2 failed, 1 new, 0 gone\n", true},
		{"s3/a/one # x\ns3/b/two # now and then y\ns3/c/three # now and then z\n", "4 cases, 2 failed, 0 new, 0 gone\n", false},
		{"s3/a/one # x\ns3/b/two # y\ns3/d/four # now and then z\n", "gone  s3/d/four is error: now and then z\n4 cases, 2 failed, 0 new, 1 gone\n", true},
		{"s3/a/one # x\ns3/b/two # y\ns3/c/three # z\n", "gone  s3/c/three is passed: z\n4 cases, 2 failed, 0 new, 1 gone\n", true},
	} {
		var w strings.Builder
		err := run([]string{"compare", write(t, "e", c.expected), r}, &w)
		if w.String() != silent+c.want || errors.Is(err, errDiffers) != c.differs {
			t.Errorf("%q: got %q, %v", c.expected, w.String(), err)
		}
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
	if want := "s3/a/one  # why\ns3/b/two  # status of all\n"; w.String() != want {
		t.Errorf("got %q, want %q", w.String(), want)
	}
}

func TestUpdateNamesUnsteadyCases(t *testing.T) {
	var w strings.Builder
	by := write(t, "r", "*\ts3\twrong\none\ts3/c/three\tnow and then late\n")
	if err := run([]string{"update", "one.txt", write(t, "run.json", sample), by}, &w); err != nil {
		t.Fatal(err)
	}
	if want := "s3/a/one  # wrong\ns3/b/two  # wrong\ns3/c/three  # now and then late\n"; w.String() != want {
		t.Errorf("got %q, want %q", w.String(), want)
	}
}

func TestUpdateSaysWhereAReasonIsWanted(t *testing.T) {
	var w strings.Builder
	if err := run([]string{"update", "no-such-file", write(t, "run.json", sample), write(t, "r", "")}, &w); err != nil {
		t.Fatal(err)
	}
	if want := "s3/a/one  # reason wanted\ns3/b/two  # reason wanted\n"; w.String() != want {
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
		"| `s3/b/two` | one, two | S3-X-02 status: want 304, got 200 | `curl --aws-sigv4 aws:amz:us-east-1:s3 --user $KEY:$SECRET -H 'Range: bytes=0-1' 'http://HOST/b/k\\|1'` | S3-X-02 (must, documented): Reference, GetObject | the first; status of all |\n",
		"2 rows, 0 not checked.",
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
