package cli_test

import (
	"bytes"
	"context"
	"net"
	"strings"
	"testing"

	"objectharness/internal/wire"
	"objectharness/report"
)

// lacking stands in front of a server and has no operation of a parameter.
func lacking(t *testing.T, upstream, param string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	tr := &wire.Transport{}
	front := &wire.Server{Handler: func(ctx context.Context, in *wire.Inbound) *wire.Response {
		if _, query, _ := strings.Cut(in.Target, "?"); query == param || strings.HasPrefix(query, param+"&") {
			body := []byte("<Error><Code>NotImplemented</Code><Message>not here</Message></Error>")
			return &wire.Response{Status: 501, Body: bytes.NewReader(body), Length: int64(len(body))}
		}
		return forward(ctx, tr, upstream, in)
	}}
	go front.Serve(l)
	t.Cleanup(func() { front.Close() })
	return l.Addr().String()
}

// A feature that is declared absent and not there makes its cases unsupported;
// one that is there nevertheless, or is declared and not there, fails the gate.
// Nothing is inferred from a failure.
func TestDeclaredFeatures(t *testing.T) {
	for _, tc := range []struct {
		name, declares string
		lacks          bool
		code           int
		unsupported    bool
	}{
		{"absent and not there", "append: absent", true, 0, true},
		{"absent, but there", "append: absent", false, 1, false},
		{"present, but not there", "append: present", true, 1, false},
		{"present and there", "append: present", false, 0, false},
		{"not declared, and not there", "acl: present", true, 1, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := startServerFor(t, "oss")
			at := s.addr
			if tc.lacks {
				at = lacking(t, s.addr, "append")
			}
			cmd := command(t, s, "run", "--target", "target.yaml", "--only", "oss/append,oss/copy/source", "--out", "out")
			writeFile(t, cmd.Dir, "target.yaml", "name: lab\ndialect: oss\nendpoint: http://"+at+"\nfeatures:\n  "+tc.declares+"\n")
			p := run(t, cmd)
			if p.code != tc.code {
				t.Errorf("exit code %d, want %d\n%s%s", p.code, tc.code, p.stdout, p.stderr)
			}
			r := readRun(t, cmd)
			if got := r.Summary["oss"].Unsupported > 0; got != tc.unsupported {
				t.Errorf("%d cases unsupported", r.Summary["oss"].Unsupported)
			}
			rule := len(r.Gate) == 1 && r.Gate[0].Rule == "feature"
			if contradicts := tc.code == 1 && strings.HasPrefix(tc.declares, "append"); rule != contradicts {
				t.Errorf("gate %+v", r.Gate)
			}
			if len(r.Targets[0].Features) != 1 {
				t.Errorf("features %+v", r.Targets[0].Features)
			}
			for _, c := range r.Cases {
				if c.Verdict == report.Unsupported && c.Message != "append is declared absent by the target file, and the probe agrees" {
					t.Errorf("%s: %q", c.ID, c.Message)
				}
			}
		})
	}
}

// Every feature is found on the sound emulator of each dialect that has it, and
// never on one that has not.
func TestFeaturesOfTheEmulator(t *testing.T) {
	for dialect, absent := range map[string]string{"oss": "", "cos": "", "bos": "versioning", "s3": "append"} {
		s := startServerFor(t, dialect)
		cmd := command(t, s, "run", "--target", "target.yaml", "--only", dialect+"/object/put", "--out", "out")
		writeFile(t, cmd.Dir, "target.yaml", "dialect: "+dialect+"\nendpoint: http://"+s.addr+
			"\nfeatures: {append: present, versioning: present, acl: present, cors: present, post: present, multipart: present, multipart-copy: present, delete-many: present}\n")
		p := run(t, cmd)
		for _, f := range readRun(t, cmd).Targets[0].Features {
			want := "present"
			if strings.Contains(absent, f.Name) {
				want = "absent"
			}
			if f.Probe != want {
				t.Errorf("%s: %s is %s, want %s: %s", dialect, f.Name, f.Probe, want, f.Detail)
			}
		}
		if p.code == 2 {
			t.Errorf("%s: %s", dialect, p.stderr)
		}
	}
}
