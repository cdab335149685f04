package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
)

// A suite is a vendor's own tests, unchanged, as the module proxy gives them.
type suite struct {
	name     string
	module   string
	version  string                                            // pinned in go.mod
	licence  string                                            //
	source   string                                            // folder of the tests within the module
	dialect  string                                            // of the emulator that they are run on
	modes    []string                                          // one run each: signature versions
	build    func(s *suite, dir, out string) ([]string, error) // arguments of go
	tests    func(s *suite, dir string) ([]string, error)
	command  func(binary, test string) []string
	env      func(endpoint, mode string) []string
	wholly   bool // one process runs all tests; verdicts reads its output
	verdicts func(output string) []result
}

// These keys are the emulator's two accounts.
const (
	accessKey      = "suite-access-key"
	secretKey      = "suite-secret-key"
	otherAccessKey = "other-access-key"
	otherSecretKey = "other-secret-key"
)

var suites = []*suite{
	{
		name: "oss-v2", module: "github.com/aliyun/alibabacloud-oss-go-sdk-v2", version: "v1.6.1", licence: "Apache-2.0", source: "oss",
		dialect: "oss", modes: []string{"v1", "v4"},
		build: func(s *suite, _, out string) ([]string, error) {
			return []string{"test", "-vet=off", "-tags", "integration", "-c", "-o", out, s.module + "/" + s.source}, nil
		},
		tests: named(`(?m)^func (Test\w+)\(`, "client_integration_*_test.go"),
		command: func(binary, test string) []string {
			return []string{binary, "-test.run", "^" + test + "$", "-test.timeout", "170s"}
		},
		// The tests clean up at the endpoint that the list of buckets names, unless
		// the endpoint that they were given holds that name: it stands in front of
		// the address.
		env: func(endpoint, mode string) []string {
			return []string{"OSS_TEST_ENDPOINT=http://oss-cn-hangzhou.aliyuncs.com@" + endpoint, "OSS_TEST_REGION=cn-hangzhou",
				"OSS_TEST_ACCESS_KEY_ID=" + accessKey, "OSS_TEST_ACCESS_KEY_SECRET=" + secretKey, "OSS_TEST_SIGNATURE_VERSION=" + mode}
		},
	},
	{
		name: "oss-v1", module: "github.com/aliyun/aliyun-oss-go-sdk", version: "v3.0.2+incompatible", licence: "MIT", source: "oss",
		dialect: "oss", modes: []string{"v1"},
		build: func(s *suite, _, out string) ([]string, error) {
			return []string{"test", "-vet=off", "-c", "-o", out, s.module + "/" + s.source}, nil
		},
		tests: named(`(?m)^func \(s \*(\w+)\) (Test\w+)\(`, "*_test.go"),
		command: func(binary, test string) []string {
			return []string{binary, "-test.run", "^Test$", "-check.f", "^" + regexp.QuoteMeta(test) + "$", "-test.timeout", "170s"}
		},
		env: func(endpoint, _ string) []string {
			return []string{"OSS_TEST_ENDPOINT=http://" + endpoint, "OSS_TEST_REGION=cn-hangzhou",
				"OSS_TEST_ACCESS_KEY_ID=" + accessKey, "OSS_TEST_ACCESS_KEY_SECRET=" + secretKey}
		},
	},
	{
		name: "minio", module: "github.com/minio/minio-go/v7", version: "v7.4.1", licence: "Apache-2.0", source: ".",
		dialect: "s3", modes: []string{"v2+v4"},
		build:   unbound,
		command: func(binary, _ string) []string { return []string{binary} },
		env: func(endpoint, _ string) []string {
			return []string{"SERVER_ENDPOINT=" + endpoint, "ACCESS_KEY=" + accessKey, "SECRET_KEY=" + secretKey, "ENABLE_HTTPS=0", "ENABLE_KMS=0",
				"MINT_MODE=full", "RUN_ON_FAIL=1"}
		},
		wholly: true, verdicts: minted,
	},
}

// named lists the tests that a pattern finds in the files of a suite.
func named(pattern, files string) func(*suite, string) ([]string, error) {
	return func(s *suite, dir string) ([]string, error) {
		paths, err := filepath.Glob(filepath.Join(dir, s.source, files))
		if err != nil {
			return nil, err
		}
		var tests []string
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				return nil, err
			}
			for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(string(text), -1) {
				tests = append(tests, strings.Join(m[1:], "."))
			}
		}
		if len(tests) == 0 {
			return nil, fmt.Errorf("%s: no test found in %s", s.name, filepath.Join(dir, s.source))
		}
		sort.Strings(tests)
		return tests, nil
	}
}

// unbound builds a copy of minio-go's functional tests without the constraint
// in its first line: with it on, two packages would lie in one folder.
func unbound(_ *suite, dir, out string) ([]string, error) {
	text, err := os.ReadFile(filepath.Join(dir, "functional_tests.go"))
	if err != nil {
		return nil, err
	}
	path := out + ".go"
	return []string{"build", "-o", out, path}, os.WriteFile(path, bytes.TrimPrefix(text, []byte("//go:build mint\n")), 0o644)
}

// minted reads the lines of JSON that minio-go's functional tests print: a test
// fails that has a line that says so, and is left out when the server has no
// such operation.
func minted(output string) []result {
	worst := map[string]result{}
	for line := range strings.Lines(output) {
		var said struct{ Name, Status, Alert, Message, Error string }
		if json.Unmarshal([]byte(line), &said) != nil || said.Name == "" {
			continue
		}
		name := strings.TrimPrefix(said.Name, "minio-go: ")
		r := result{test: name, passed: said.Status == "PASS", why: strings.TrimSpace(said.Message + " " + said.Error + " " + said.Alert)}
		if old, ok := worst[name]; !ok || old.passed {
			worst[name] = r
		}
	}
	var all []result
	for _, r := range worst {
		all = append(all, r)
	}
	return all
}

// folder is where the module proxy's copy of the suite lies.
func (s *suite) folder() (string, error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Version}} {{.Dir}}", s.module).Output()
	if err != nil {
		return "", fmt.Errorf("go list -m %s: %w", s.module, err)
	}
	version, dir, _ := strings.Cut(strings.TrimSpace(string(out)), " ")
	if version != s.version {
		return "", fmt.Errorf("%s: expected %s, go.mod has %s: change both", s.module, s.version, version)
	}
	return dir, nil
}
