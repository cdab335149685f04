package cli_test

import (
	"context"
	"net"
	"slices"
	"strings"
	"testing"

	"objectharness/internal/wire"
	"objectharness/report"
)

// lacking stands in front of a server and has no operation of a parameter; without
// one it does not look for a bucket in the host: what is sent there is answered
// with the list of buckets.
func lacking(t *testing.T, upstream, param string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	tr := &wire.Transport{}
	front := &wire.Server{Handler: func(ctx context.Context, in *wire.Inbound) *wire.Response {
		_, query, _ := strings.Cut(in.Target, "?")
		switch {
		case param == "" && strings.HasSuffix(in.Fields.Get("Host"), "."+vendorHost):
			return answering(200, "<ListAllMyBucketsResult><Buckets></Buckets></ListAllMyBucketsResult>")
		case param != "" && slices.Contains(strings.Split(query, "&"), param):
			return answering(501, "<Error><Code>NotImplemented</Code><Message>not here</Message></Error>")
		}
		return forward(ctx, tr, upstream, in)
	}}
	go front.Serve(l)
	t.Cleanup(func() { front.Close() })
	return l.Addr().String()
}

func answering(status int, body string) *wire.Response {
	return &wire.Response{Status: status, Body: strings.NewReader(body), Length: int64(len(body))}
}

// vendorHost is a name that can carry a bucket.
const vendorHost = "s3.us-east-1.amazonaws.com"

// A feature that is declared absent and not there makes its cases unsupported;
// one that is there nevertheless, or is declared and not there, fails the gate.
// Nothing is inferred from a failure.
func TestDeclaredFeatures(t *testing.T) {
	const (
		append     = "oss/append,oss/copy/source"
		versioning = "oss/versioning/delete,oss/object/put/key/blank"
		hosted     = "s3/object/put/reply,s3/object/put/replaces"
	)
	for _, tc := range []struct {
		name, feature, declared, only string
		lacks                         bool
		code                          int
		unsupported, contradicts      bool
	}{
		{"absent and not there", "append", "absent", append, true, 0, true, false},
		{"absent, but there", "append", "absent", append, false, 1, false, true},
		{"present, but not there", "append", "present", append, true, 1, false, true},
		{"present and there", "append", "present", append, false, 0, false, false},
		{"not declared, and not there", "acl", "present", append, true, 1, false, false},
		{"absent and not there", "versioning", "absent", versioning, true, 0, true, false},
		{"absent, but there", "versioning", "absent", versioning, false, 1, false, true},
		{"present, but not there", "versioning", "present", versioning, true, 3, false, true}, // its cases are blocked as well
		{"present and there", "versioning", "present", versioning, false, 0, false, false},
		{"absent and not there", "virtual-hosted", "absent", hosted, true, 0, false, false},
		{"absent, but there", "virtual-hosted", "absent", hosted, false, 1, false, true},
		{"present, but not there", "virtual-hosted", "present", hosted, true, 1, false, true},
		{"present and there", "virtual-hosted", "present", hosted, false, 0, false, false},
	} {
		t.Run(tc.feature+" "+tc.name, func(t *testing.T) {
			t.Parallel()
			dialect, _, _ := strings.Cut(tc.only, "/")
			s := startServerFor(t, dialect)
			at := s.addr
			if tc.lacks {
				param := map[string]string{"versioning": "versioning", "virtual-hosted": ""}
				if _, known := param[tc.feature]; !known {
					param[tc.feature] = "append"
				}
				at = lacking(t, s.addr, param[tc.feature])
			}
			where := "endpoint: http://" + at
			if tc.feature == "virtual-hosted" {
				where = "endpoint: http://" + vendorHost + "\nconnect: " + at + "\nstyle: path"
			}
			cmd := command(t, s, "run", "--target", "target.yaml", "--only", tc.only, "--out", "out")
			writeFile(t, cmd.Dir, "target.yaml", "name: lab\ndialect: "+dialect+"\n"+where+"\nfeatures:\n  "+tc.feature+": "+tc.declared+"\n")
			p := run(t, cmd)
			if p.code != tc.code {
				t.Errorf("exit code %d, want %d\n%s%s", p.code, tc.code, p.stdout, p.stderr)
			}
			r := readRun(t, cmd)
			if got := r.Summary[dialect].Unsupported > 0; got != tc.unsupported {
				t.Errorf("%d cases unsupported", r.Summary[dialect].Unsupported)
			}
			if rule := len(r.Gate) == 1 && r.Gate[0].Rule == "feature"; rule != tc.contradicts {
				t.Errorf("gate %+v", r.Gate)
			}
			if len(r.Targets[0].Features) != 1 {
				t.Errorf("features %+v", r.Targets[0].Features)
			}
			for _, c := range r.Cases {
				if c.Verdict == report.Unsupported && c.Message != tc.feature+" is declared absent by the target file, and the probe agrees" {
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
