package target_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"objectharness/internal/client"
	"objectharness/internal/dialect/all"
	"objectharness/internal/emulator"
	"objectharness/internal/target"
)

func TestNearest(t *testing.T) {
	words := []string{"endpoint", "region", "style", "connect"}
	for word, want := range map[string]string{
		"endpiont": "endpoint", "endpoin": "endpoint", "regoin": "region", "stile": "style", "colour": "", "": "", "connection": "connect",
	} {
		if got := target.Nearest(word, words); got != want {
			t.Errorf("nearest to %q: %q, want %q", word, got, want)
		}
	}
}

func TestBytes(t *testing.T) {
	for text, want := range map[string]int64{"0": 0, "500": 500, "64KiB": 65536, "10MB": 10000000, "1.5 GiB": 3 << 29, "7B": 7} {
		var b target.Bytes
		if err := b.Set(text); err != nil || int64(b) != want {
			t.Errorf("%q: %d, %v; want %d", text, b, err, want)
		}
	}
	for _, text := range []string{"", "-1", "many", "1XB", "NaN", "9e30", "1KiBKiB"} {
		var b target.Bytes
		if err := b.Set(text); err == nil {
			t.Errorf("%q is taken as %d", text, b)
		}
	}
}

func TestRunName(t *testing.T) {
	if first, again := target.RunName(1), target.RunName(1); first != again || target.RunName(1) == target.RunName(2) || target.RunName(1) == target.RunName(1, 5) {
		t.Error("a name must follow from seed and salt")
	}
	for seed := range uint64(100) {
		if n := target.RunName(seed); len(n) != 7 {
			t.Errorf("%q has %d letters", n, len(n))
		}
	}
}

// The name of the run's bucket is allowed in every dialect, with the longest
// process number.
func TestBucketNamesAreAllowed(t *testing.T) {
	for _, d := range all.All() {
		c := target.Config{Dialect: d.Name, Endpoint: "http://127.0.0.1:1", AppID: "1250000000", Process: "1z141", Seed: 9,
			Owner: client.Keys{AccessKey: "a", SecretKey: "b"}}
		if err := c.Check(); err != nil {
			t.Error(err)
		}
	}
}

func TestLoad(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"dialect: oss\nendpoint: http://h:1\nmax_rps: 5\nbudget: 10MB\n", ""},
		{"", "the file is empty"},
		{"- a\n", ":1: the file: expected fields with values, got a list"},
		{"dialect: [oss]\n", `:1:10: dialect: expected text, got a list`},
		{"dialect: oss\ndialect: cos\n", "dialect"},
		{"regoin: x\n", ":1: regoin: no such field; did you mean region?"},
		{"\nmax_rps: fast\n", `:2:10: max_rps: expected a number, got "fast"`},
		{"budget: lots\n", `:1:9: budget: expected bytes, got "lots"`},
		{"access-key: x\n", ":1: access-key: secrets do not belong in a file"},
		{"a: b: c\n", "t.yaml:1: "},
		{"a: b\nc: d: e\n", "t.yaml:2: "},
	} {
		file := filepath.Join(t.TempDir(), "t.yaml")
		if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := target.Load(file)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || !errors.Is(err, target.ErrUsage)) {
			t.Errorf("%q: %v, want %q", c.text, err, c.want)
		}
	}
}

func FuzzLoad(f *testing.F) {
	for _, seed := range []string{"dialect: oss\n", "a: &a [*a]\n", "budget: 1e9\n", "- - -", "<<: {a: b}\n"} {
		f.Add([]byte(seed))
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text []byte) {
		file := filepath.Join(dir, "t.yaml")
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := target.Load(file); err != nil && !errors.Is(err, target.ErrUsage) {
			t.Errorf("%q: %v is no error of usage", text, err)
		}
	})
}

func open(t *testing.T, c target.Config) *target.Opened {
	t.Helper()
	o, err := target.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := o.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return o
}

// A private emulator has its own clock, keys and limits, in every dialect and in
// both styles.
func TestPrivate(t *testing.T) {
	then := time.Date(2015, 3, 4, 5, 6, 7, 0, time.UTC)
	for _, d := range all.All() {
		for _, style := range []string{"path", "virtual"} {
			o := open(t, target.Config{Dialect: d.Name, Style: style, Seed: 1})
			p, done, err := o.Private(t.Context(), target.Setup{Time: then, Keys: []client.Keys{{AccessKey: "ak", SecretKey: "sk"}}, Limits: map[string]int64{"PutSize": 4}})
			if err != nil {
				t.Fatalf("%s: %v", d.Name, err)
			}
			check := func(what string, c *client.Client, status int, call client.Call) {
				t.Helper()
				if r, err := c.Do(t.Context(), call); err != nil || r.Status != status {
					t.Errorf("%s, %s, %s: %v, %v; want %d", d.Name, style, what, r, err, status)
				}
			}
			put := client.Call{Method: "PUT", Bucket: p.Bucket, Key: "k", Body: []byte("body")}
			check("put", p.Owner, 200, put)
			check("the main one has not got it", o.Owner, 404, client.Call{Method: "GET", Bucket: o.Bucket, Key: "k"})
			p.Advance(time.Hour)
			check("an hour later", p.Owner, 200, put)
			if got := p.Now(); !got.Equal(then.Add(time.Hour)) {
				t.Errorf("the clock stands at %v", got)
			}
			if p.Owner.Keys.AccessKey != "ak" || p.Other != nil {
				t.Errorf("keys %v, other %v", p.Owner.Keys, p.Other)
			}
			done()
		}
	}
}

func TestSetupsThatCannotBeHad(t *testing.T) {
	o := open(t, target.Config{Dialect: "oss", Seed: 1})
	if _, _, err := o.Private(t.Context(), target.Setup{Limits: map[string]int64{"PutSiez": 4}}); err == nil || !strings.Contains(err.Error(), "PutSiez") {
		t.Errorf("an unknown limit: %v", err)
	}
	if _, err := emulator.ParseLimits(map[string]int64{"Parts": -1}); err == nil {
		t.Error("a negative limit is taken")
	}
}

// What is wrong with a target is found before the first case, and said.
func TestPreflight(t *testing.T) {
	for _, d := range all.All() {
		owner, other := target.Accounts(d.Name, 1)
		addr, _ := control(t, d.Name, emulator.Options{Accounts: []emulator.Account{owner, other}})
		sound := target.Config{Dialect: d.Name, Style: "path", Endpoint: "http://" + addr, AppID: "1250000000", Seed: 1, State: t.TempDir(),
			Owner: client.Keys{AccessKey: owner.AccessKey, SecretKey: owner.SecretKey}}
		bucket := open(t, sound).Bucket
		for want, change := range map[string]func(*target.Config){
			"": func(*target.Config) {},
			"no permission": func(c *target.Config) {
				c.Bucket, c.Owner = bucket, client.Keys{AccessKey: other.AccessKey, SecretKey: other.SecretKey}
			},
			"the bucket is not there": func(c *target.Config) { c.Bucket = "n" + bucket },
			"HARNESS_SECRET_KEY":      func(c *target.Config) { c.Owner.SecretKey += "x" },
			"is the target running":   func(c *target.Config) { c.Endpoint = "http://127.0.0.1:1" },
			"cannot be resolved":      func(c *target.Config) { c.Endpoint = "http://nowhere.invalid" },
		} {
			c := sound
			change(&c)
			p, err := target.RunPreflight(t.Context(), c)
			if err != nil || p.OK() != (want == "") || !strings.Contains(p.Problem(), want) {
				t.Errorf("%s: %v, %q; want %q", d.Name, err, p.Problem(), want)
			}
		}
	}
}

// A region that the signature names wrongly is said.
func TestPreflightOfTheWrongRegion(t *testing.T) {
	owner, _ := target.Accounts("s3", 1)
	addr, _ := control(t, "s3", emulator.Options{Accounts: []emulator.Account{owner}})
	p, err := target.RunPreflight(t.Context(), target.Config{Dialect: "s3", Region: "nowhere-1", Endpoint: "http://" + addr,
		Owner: client.Keys{AccessKey: owner.AccessKey, SecretKey: owner.SecretKey}})
	if err != nil || !strings.Contains(p.Problem(), "check --region") {
		t.Errorf("%v, %q", err, p.Problem())
	}
}

// A budget refuses bodies that do not fit, and lets requests without one pass.
func TestBudget(t *testing.T) {
	owner, _ := target.Accounts("oss", 1)
	d, err := all.ByName("oss")
	if err != nil {
		t.Fatal(err)
	}
	addr := listen(t, d.Name, 1)
	o := open(t, target.Config{Dialect: "oss", Endpoint: "http://" + addr, Seed: 1, Budget: 10, State: t.TempDir(),
		Owner: client.Keys{AccessKey: owner.AccessKey, SecretKey: owner.SecretKey}})
	put := client.Call{Method: "PUT", Bucket: o.Bucket, Key: "k", Body: []byte("123456")}
	o.Made("object", o.Bucket, "k", "")
	if _, err := o.Owner.Do(t.Context(), put); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Owner.Do(t.Context(), put); !errors.Is(err, client.ErrBudget) {
		t.Errorf("6 of 4 bytes: %v", err)
	}
	if r, err := o.Owner.Do(t.Context(), client.Call{Method: "GET", Bucket: o.Bucket, Key: "k"}); err != nil || r.Status != 200 {
		t.Errorf("a request without a body: %v, %v", r, err)
	}
}
