package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"time"
)

// A child is a client of another language: a program that reads a question a
// line, as JSON, and answers each with a line.
type child struct {
	command []string
	env     []string
	process *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
}

// A question names a method of Client, for which keys and bucket, and its
// arguments. Fields that a method does not have are left out.
type question struct {
	Do     string  `json:"do"`
	Open   opened  `json:"open"`
	Key    string  `json:"key,omitempty"`
	From   string  `json:"from,omitempty"`
	Object *Object `json:"object,omitempty"`
	Query  *Query  `json:"query,omitempty"`
	Body   []byte  `json:"body,omitempty"`
	At     int64   `json:"at"` // position of an append, first byte of a range
	Last   int64   `json:"last"`
	Upload string  `json:"upload,omitempty"`
	Number int     `json:"number,omitempty"`
	Size   int     `json:"size,omitempty"` // of a page
	Parts  []Part  `json:"parts,omitempty"`

	Prefix, Delimiter string
	Keys              []string
	Method, ACL       string
	Seconds           int
	Rule              *CORSRule
}

// opened is what a child needs of an Opening.
type opened struct {
	Address, AccessKey, SecretKey, Bucket, Region, Sign string
	Host                                                bool
}

// An answer holds a value, or how the server or the SDK refused.
type answer struct {
	Value       json.RawMessage `json:"value"`
	Message     string          `json:"message"`
	Status      int             `json:"status"`
	Code        string          `json:"code"`
	Unsupported bool            `json:"unsupported"`
}

// refusal is what a child says that its SDK raised.
type refusal struct{ answer }

func (r *refusal) Error() string { return r.Message }

// ask sends a question and waits for the answer. A child that does not answer in
// time is ended; the next question starts another.
func (c *child) ask(ctx context.Context, q question, value any) error {
	if c.process == nil {
		if err := c.start(); err != nil {
			return err
		}
	}
	line, err := json.Marshal(q)
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { c.process.Process.Kill() })
	_, err = c.in.Write(append(line, '\n'))
	var reply []byte
	if err == nil {
		reply, err = c.out.ReadBytes('\n')
	}
	if !stop() || err != nil {
		c.end()
		return fmt.Errorf("%s: no answer to %s: %w", c.command[0], q.Do, errors.Join(err, ctx.Err()))
	}
	var a answer
	if err := json.Unmarshal(reply, &a); err != nil {
		return fmt.Errorf("%s: answer to %s: %w", c.command[0], q.Do, err)
	}
	switch {
	case a.Unsupported:
		return fmt.Errorf("%s: %w", q.Do, errors.ErrUnsupported)
	case a.Message != "":
		return &refusal{a}
	case value == nil:
		return nil
	}
	return json.Unmarshal(a.Value, value)
}

func (c *child) start() error {
	process := exec.Command(c.command[0], c.command[1:]...)
	process.Env = append(os.Environ(), c.env...)
	process.Stderr = os.Stderr
	in, err := process.StdinPipe()
	if err != nil {
		return err
	}
	out, err := process.StdoutPipe()
	if err != nil {
		return err
	}
	if err := process.Start(); err != nil {
		return err
	}
	c.process, c.in, c.out = process, in, bufio.NewReader(out)
	return nil
}

func (c *child) end() {
	if c.process != nil {
		c.in.Close()
		c.process.Process.Kill()
		c.process.Wait()
		c.process = nil
	}
}

// remote is a Client in a child.
type remote struct {
	child *child
	open  opened
	web   *http.Client
}

// openRemote opens the client of a child, which is started at its first question.
func openRemote(c *child, sign string) func(Opening) (Client, error) {
	return func(a Opening) (Client, error) {
		return &remote{c, opened{a.Address, a.AccessKey, a.SecretKey, a.Bucket, a.Region, sign, a.Host}, a.Wire.Client()}, nil
	}
}

func (r *remote) ask(ctx context.Context, do string, q question, value any) error {
	q.Do, q.Open = do, r.open
	return r.child.ask(ctx, q, value)
}

func (r *remote) Answer(err error) (int, string) {
	var refused *refusal
	if !errors.As(err, &refused) {
		return 0, ""
	}
	return refused.Status, refused.Code
}

func (r *remote) CreateBucket(ctx context.Context) error {
	return r.ask(ctx, "createBucket", question{}, nil)
}

func (r *remote) DeleteBucket(ctx context.Context) error {
	return r.ask(ctx, "deleteBucket", question{}, nil)
}

func (r *remote) Put(ctx context.Context, key string, o Object) error {
	return r.ask(ctx, "put", question{Key: key, Object: &o}, nil)
}

func (r *remote) Get(ctx context.Context, key string, q Query) (o Object, err error) {
	err = r.ask(ctx, "get", question{Key: key, Query: &q}, &o)
	return o, err
}

func (r *remote) Head(ctx context.Context, key string) (o Object, err error) {
	err = r.ask(ctx, "head", question{Key: key}, &o)
	return o, err
}

func (r *remote) Append(ctx context.Context, key string, body []byte, at int64) (next int64, err error) {
	err = r.ask(ctx, "append", question{Key: key, Body: body, At: at}, &next)
	return next, err
}

func (r *remote) Copy(ctx context.Context, from, to string) error {
	return r.ask(ctx, "copy", question{From: from, Key: to}, nil)
}

func (r *remote) List(ctx context.Context, prefix, delimiter string, size int) (all Listing, err error) {
	err = r.ask(ctx, "list", question{Prefix: prefix, Delimiter: delimiter, Size: size}, &all)
	return all, err
}

func (r *remote) Delete(ctx context.Context, key string) error {
	return r.ask(ctx, "delete", question{Key: key}, nil)
}

func (r *remote) DeleteAll(ctx context.Context, keys []string) error {
	return r.ask(ctx, "deleteAll", question{Keys: keys}, nil)
}

func (r *remote) Presign(ctx context.Context, method, key string, valid time.Duration) (url string, header http.Header, err error) {
	err = r.ask(ctx, "presign", question{Method: method, Key: key, Seconds: int(valid / time.Second)}, &url)
	return url, nil, err
}

func (r *remote) Begin(ctx context.Context, key string) (upload string, err error) {
	err = r.ask(ctx, "begin", question{Key: key}, &upload)
	return upload, err
}

func (r *remote) Part(ctx context.Context, key, upload string, number int, body []byte) (p Part, err error) {
	err = r.ask(ctx, "part", question{Key: key, Upload: upload, Number: number, Body: body}, &p.ETag)
	p.Number = number
	return p, err
}

func (r *remote) PartFrom(ctx context.Context, key, upload string, number int, from string, first, last int64) (p Part, err error) {
	err = r.ask(ctx, "partFrom", question{Key: key, Upload: upload, Number: number, From: from, At: first, Last: last}, &p.ETag)
	p.Number = number
	return p, err
}

func (r *remote) Parts(ctx context.Context, key, upload string, size int) (parts []Part, err error) {
	err = r.ask(ctx, "parts", question{Key: key, Upload: upload, Size: size}, &parts)
	return parts, err
}

func (r *remote) Complete(ctx context.Context, key, upload string, parts []Part) error {
	return r.ask(ctx, "complete", question{Key: key, Upload: upload, Parts: parts}, nil)
}

func (r *remote) Abort(ctx context.Context, key, upload string) error {
	return r.ask(ctx, "abort", question{Key: key, Upload: upload}, nil)
}

func (r *remote) Uploads(ctx context.Context, prefix string, size int) (keys []string, err error) {
	err = r.ask(ctx, "uploads", question{Prefix: prefix, Size: size}, &keys)
	return keys, err
}

func (r *remote) AllowACLs(ctx context.Context) error {
	return r.ask(ctx, "allowACLs", question{}, nil)
}

func (r *remote) SetACL(ctx context.Context, acl string) error {
	return r.ask(ctx, "setACL", question{ACL: acl}, nil)
}

func (r *remote) ACL(ctx context.Context) (acl string, err error) {
	err = r.ask(ctx, "acl", question{}, &acl)
	return acl, err
}

func (r *remote) SetObjectACL(ctx context.Context, key, acl string) error {
	return r.ask(ctx, "setObjectACL", question{Key: key, ACL: acl}, nil)
}

func (r *remote) ObjectACL(ctx context.Context, key string) (acl string, err error) {
	err = r.ask(ctx, "objectACL", question{Key: key}, &acl)
	return acl, err
}

func (r *remote) SetCORS(ctx context.Context, rule CORSRule) error {
	return r.ask(ctx, "setCORS", question{Rule: &rule}, nil)
}

func (r *remote) CORS(ctx context.Context) (rules []CORSRule, err error) {
	err = r.ask(ctx, "cors", question{}, &rules)
	return rules, err
}

// Post has the child sign the form, unless its SDK sends forms itself.
func (r *remote) Post(ctx context.Context, key string, body []byte) error {
	var form struct {
		URL    string
		Fields map[string]string
	}
	if err := r.ask(ctx, "post", question{Key: key, Body: body}, &form); err != nil || form.URL == "" {
		return err
	}
	return postForm(ctx, r.web, form.URL, form.Fields, body)
}
