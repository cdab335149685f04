package cli_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"objectharness/internal/client"
	"objectharness/internal/target"
	"objectharness/internal/wire"
)

// killing stands in front of a server and kills a process when it has seen a
// request: before it passes it on, or after that and before the reply.
type killing struct {
	addr    string
	mu      sync.Mutex
	seen    int
	process *os.Process
	when    func(n int, r *wire.Inbound) bool
	late    bool
	dead    bool
}

func killWhen(t *testing.T, upstream string, late bool, when func(n int, r *wire.Inbound) bool) *killing {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	k := &killing{addr: l.Addr().String(), when: when, late: late}
	tr := &wire.Transport{}
	front := &wire.Server{Handler: func(ctx context.Context, in *wire.Inbound) *wire.Response {
		deadly := k.deadly(in)
		if deadly && !k.late {
			k.process.Kill()
			return nil
		}
		out := forward(context.WithoutCancel(ctx), tr, upstream, in)
		if deadly {
			k.process.Kill()
			return nil
		}
		return out
	}}
	go front.Serve(l)
	t.Cleanup(func() { front.Close() })
	return k
}

// deadly tells whether a request is the one, once.
func (k *killing) deadly(in *wire.Inbound) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.seen++
	if k.process == nil || k.dead || !k.when(k.seen, in) {
		return false
	}
	k.dead = true
	return true
}

var (
	listedKey  = regexp.MustCompile(`<Key>[^<]*</Key>|"key":\s*"[^"]*"|<(?:UploadId|VersionId)>[^<]*</(?:UploadId|VersionId)>|"uploadId":\s*"[^"]*"`)
	listedName = regexp.MustCompile(`<Name>([^<]*)</Name>|"name":\s*"([^"]*)"`)
)

// contents are all buckets of both accounts with their objects, versions and
// uploads.
func contents(t *testing.T, dialect string, s *server) (all []string) {
	t.Helper()
	queries := [][]wire.Param{nil, {{Name: "uploads", Bare: true}}}
	if versioned(dialect) {
		queries = append(queries, []wire.Param{{Name: "versions", Bare: true}})
	}
	first := owner(t, dialect, s)
	second := *first
	second.Keys = client.Keys{AccessKey: s.vars[target.EnvOtherAccessKey], SecretKey: s.vars[target.EnvOtherSecretKey]}
	for _, who := range []*client.Client{first, &second} {
		for _, m := range listedName.FindAllStringSubmatch(string(ask(t, who, listBuckets)), -1) {
			bucket := m[1] + m[2]
			all = append(all, bucket)
			for _, query := range queries {
				for _, k := range listedKey.FindAllString(string(ask(t, who, client.Call{Method: "GET", Bucket: bucket, Query: query})), -1) {
					all = append(all, bucket+" "+k)
				}
			}
		}
	}
	slices.Sort(all)
	return all
}

// versioned tells whether the emulator of a dialect keeps versions.
func versioned(dialect string) bool { return dialect == "oss" || dialect == "s3" }

func ask(t *testing.T, c *client.Client, call client.Call) []byte {
	t.Helper()
	r, err := c.Do(context.Background(), call)
	if err != nil || r.Status/100 != 2 {
		t.Fatalf("%s %s: %v %+v", call.Method, call.Bucket, err, r)
	}
	return r.Body
}

// A moment is when a run is killed: before a request goes on, or after the server
// has answered it and before the answer is known.
type moment struct {
	name string
	late bool
	when func(n int, in *wire.Inbound) bool
}

// at is the moment of a request by its number.
func at(n int, late bool) moment {
	return moment{fmt.Sprintf("request %d", n), late, func(seen int, _ *wire.Inbound) bool { return seen >= n }}
}

// beginning is the moment when the server has begun the k-th upload.
func beginning(k int) moment {
	return moment{fmt.Sprintf("upload %d", k), true, func(_ int, in *wire.Inbound) bool {
		if in.Method == "POST" && strings.Contains(in.Target, "?uploads") {
			k--
		}
		return k == 0
	}}
}

// A wreck is a run that is killed.
type wreck struct {
	dialect  string
	chapters []string
	into     string // "", bucket or versions: an existing bucket, and one that keeps versions
	moment
}

// A kill at any moment, and a sweep, leave the endpoint as it was: what was there
// before is there still, byte by byte, and nothing else: no bucket, object,
// version, marker or upload.
func TestKillAndSweepLeaveNothing(t *testing.T) {
	usual := []string{"multipart", "acl", "bucket", "object"}
	for d, dialect := range []string{"oss", "cos", "bos", "s3"} {
		rnd := rand.New(rand.NewPCG(20261122, uint64(d)))
		number := func() moment { return at(12+rnd.IntN(500), rnd.IntN(2) == 0) }
		wrecks := []wreck{{dialect, usual, "", beginning(1 + rnd.IntN(12))}, {dialect, usual, "", number()}, {dialect, usual, "bucket", number()}}
		if versioned(dialect) {
			keeping := []string{"versioning", "copy", "delete-many"}
			wrecks = append(wrecks, wreck{dialect, keeping, "", number()}, wreck{dialect, keeping, "versions", at(12+rnd.IntN(300), true)})
		}
		left := 0
		for _, w := range wrecks {
			t.Run(fmt.Sprint(dialect, " ", w.chapters[0], " ", w.into, " ", w.name, " ", w.late), func(t *testing.T) { left += killAndSweep(t, w) })
		}
		if left < len(wrecks)/2 {
			t.Errorf("%s: only %d of %d runs that were killed had left anything", dialect, left, len(wrecks))
		}
	}
}

const somebodys = "kept-by-somebody-1250000000"

// furnish makes a bucket of somebody else's with an object and an upload; one that
// keeps versions has two of the object and a marker.
func furnish(t *testing.T, who *client.Client, keeps bool) {
	t.Helper()
	ask(t, who, client.Call{Method: "PUT", Bucket: somebodys})
	if keeps {
		text := []byte("<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>")
		ask(t, who, client.Call{Method: "PUT", Bucket: somebodys, Query: []wire.Param{{Name: "versioning", Bare: true}}, Body: text})
		ask(t, who, client.Call{Method: "PUT", Bucket: somebodys, Key: "object", Body: []byte("before")})
		ask(t, who, client.Call{Method: "PUT", Bucket: somebodys, Key: "gone", Body: []byte("gone")})
		ask(t, who, client.Call{Method: "DELETE", Bucket: somebodys, Key: "gone"})
	}
	ask(t, who, client.Call{Method: "PUT", Bucket: somebodys, Key: "object", Body: []byte("kept")})
	ask(t, who, client.Call{Method: "POST", Bucket: somebodys, Key: "upload", Query: []wire.Param{{Name: "uploads", Bare: true}}})
}

// childServer is harness serve in a process of its own.
func childServer(t *testing.T, dialect string) *server {
	t.Helper()
	addr, vars := serveChild(t, "harness serve --dialect "+dialect)
	s := &server{addr: addr, vars: map[string]string{}}
	for _, v := range vars {
		name, value, _ := strings.Cut(v, "=")
		s.vars[name] = value
	}
	return s
}

// A run in somebody's bucket that keeps versions leaves no version and no marker,
// also of what no reply names: forms, and removals of several objects.
func TestVersionsOfSomebody(t *testing.T) {
	for dialect, only := range map[string]string{
		"s3": "s3/delete-many,s3/post/field,s3/multipart/complete/together,s3/object/put/whole", "oss": "oss/delete-many,oss/post/field,oss/append/together,oss/object/put/reply",
	} {
		s := childServer(t, dialect)
		furnish(t, owner(t, dialect, s), true)
		before := contents(t, dialect, s)
		line := []string{"run", "--dialect", dialect, "--endpoint", "http://" + s.addr, "--bucket", somebodys, "--only", only, "--out", "out"}
		cmd := command(t, s, line...)
		p := run(t, cmd)
		if sum := readRun(t, cmd).Summary[dialect]; sum.Passed == 0 || sum.NotRun == 0 || p.code == 2 {
			t.Errorf("%s: %+v\n%s%s", dialect, sum, p.stdout, p.stderr)
		}
		if after := contents(t, dialect, s); !slices.Equal(after, before) {
			t.Errorf("left behind:\n%s\nbefore:\n%s", strings.Join(after, "\n"), strings.Join(before, "\n"))
		}
		if p := run(t, command(t, s, append(line, "--procs", "2")...)); p.code < 2 || !strings.Contains(p.stdout+p.stderr, "leave --procs out") {
			t.Errorf("%s: two processes: exit code %d\n%s%s", dialect, p.code, p.stdout, p.stderr)
		}
	}
}

// killAndSweep returns 1 where there was anything to sweep.
func killAndSweep(t *testing.T, w wreck) (left int) {
	s := childServer(t, w.dialect)
	who := owner(t, w.dialect, s)
	furnish(t, who, w.into == "versions")
	before := contents(t, w.dialect, s)

	k := killWhen(t, s.addr, w.late, w.when)
	var only []string
	for _, c := range w.chapters {
		only = append(only, w.dialect+"/"+c)
	}
	to := []string{"--dialect", w.dialect, "--endpoint", "http://" + k.addr}
	if w.into != "" {
		to = append(to, "--bucket", somebodys)
	}
	cmd := command(t, s, append([]string{"run", "--only", strings.Join(only, ","), "--seed", "11"}, to...)...)
	k.mu.Lock()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	k.process = cmd.Process
	k.mu.Unlock()
	if err := cmd.Wait(); err == nil || !k.dead {
		t.Fatalf("the run was not killed: %v after %d requests", err, k.seen)
	}
	if !slices.Equal(contents(t, w.dialect, s), before) {
		left = 1
	}
	again := command(t, s, append([]string{"sweep"}, to...)...)
	again.Dir, again.Env = cmd.Dir, cmd.Env
	if p := run(t, again); p.code != 0 {
		t.Errorf("sweep: exit code %d\n%s%s", p.code, p.stdout, p.stderr)
	}
	if after := contents(t, w.dialect, s); !slices.Equal(after, before) {
		t.Errorf("left behind:\n%s\nbefore:\n%s", strings.Join(after, "\n"), strings.Join(before, "\n"))
	}
	if kept := ask(t, who, client.Call{Method: "GET", Bucket: somebodys, Key: "object"}); string(kept) != "kept" {
		t.Errorf("somebody's object holds %q", kept)
	}
	return left
}

// A budget of requests is kept to the last one, the clean-up included, and what
// was made is removed within it.
func TestBudgetOfRequests(t *testing.T) {
	for _, procs := range []string{"1", "2"} {
		s := startServerFor(t, "oss")
		k := killWhen(t, s.addr, false, func(int, *wire.Inbound) bool { return false })
		cmd := command(t, s, "run", "--dialect", "oss", "--only", "oss/multipart", "--endpoint", "http://"+k.addr, "--max-requests", "90", "--procs", procs, "--out", "out")
		p := run(t, cmd)
		if p.code != 0 || k.seen > 90 || k.seen < 40 {
			t.Errorf("%s processes: exit code %d after %d requests\n%s%s", procs, p.code, k.seen, p.stdout, p.stderr)
		}
		if got := contents(t, "oss", s); len(got) > 0 {
			t.Errorf("%s processes: left behind: %v", procs, got)
		}
		if r := readRun(t, cmd); r.Summary["oss"].NotRun == 0 || r.Summary["oss"].Passed == 0 {
			t.Errorf("%s processes: %+v", procs, r.Summary["oss"])
		}
	}
}

var rehearsed = regexp.MustCompile(`, (\d+) requests, (\d+) bytes sent in bodies`)

// What --dry-run counts is what a run sends, and nothing is sent to count it.
func TestDryRunCounts(t *testing.T) {
	for _, dialect := range []string{"oss", "s3"} {
		s := startServerFor(t, dialect)
		var bytesSeen int64
		k := killWhen(t, s.addr, false, func(_ int, in *wire.Inbound) bool { bytesSeen += max(in.Length, 0); return false })
		k.process = &os.Process{}
		line := []string{"run", "--dialect", dialect, "--only", dialect + "/copy," + dialect + "/list," + dialect + "/acl", "--endpoint", "http://" + k.addr}
		p := run(t, command(t, s, append(line, "--dry-run")...))
		m := rehearsed.FindStringSubmatch(p.stdout)
		if p.code != 0 || m == nil || k.seen != 0 {
			t.Fatalf("%s: exit code %d, %d requests seen\n%s%s", dialect, p.code, k.seen, p.stdout[max(0, len(p.stdout)-400):], p.stderr)
		}
		if p := run(t, command(t, s, line...)); p.code != 0 {
			t.Fatalf("%s: exit code %d\n%s%s", dialect, p.code, p.stdout, p.stderr)
		}
		if got := fmt.Sprint(k.seen, " ", bytesSeen); got != m[1]+" "+m[2] {
			t.Errorf("%s: a run sent %s requests and bytes, the dry run said %s %s", dialect, got, m[1], m[2])
		}
	}
}

// A read-only run changes nothing and sends nothing that could.
func TestReadOnlyProfile(t *testing.T) {
	s := startServerFor(t, "oss")
	ask(t, owner(t, "oss", s), client.Call{Method: "PUT", Bucket: "kept-by-somebody"})
	before := contents(t, "oss", s)
	var wrote []string
	k := killWhen(t, s.addr, false, func(_ int, in *wire.Inbound) bool {
		if !target.Reads(in.Method) {
			wrote = append(wrote, in.Method+" "+in.Target)
		}
		return false
	})
	k.process = &os.Process{}
	cmd := command(t, s, "run", "--dialect", "oss", "--profile", "read-only", "--bucket", "kept-by-somebody", "--only", "oss/object,oss/list,oss/signing", "--endpoint", "http://"+k.addr, "--out", "out")
	p := run(t, cmd)
	if p.code != 0 || len(wrote) > 0 || k.seen < 20 {
		t.Errorf("exit code %d, %d requests, of which wrote %q\n%s%s", p.code, k.seen, wrote, p.stdout, p.stderr)
	}
	if after := contents(t, "oss", s); !slices.Equal(before, after) {
		t.Errorf("changed: %v", after)
	}
	if text, err := os.ReadFile(cmd.Dir + "/out/run.json"); err != nil || !bytes.Contains(text, []byte(`"profile": "read-only"`)) {
		t.Errorf("run.json: %v", err)
	}
}
