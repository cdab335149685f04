package emulator

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A callback is what a request asks to be told to a server of the client's when
// the object is there.
type callback struct {
	url         *url.URL
	host        string
	body, media string
	own         map[string]string // variables of the client's
}

// Bounds of a callback: its parameters in bytes, what the server answers, and how
// long it may take.
const (
	callbackSize  = 5 << 10
	callbackReply = 1 << 20
	callbackWait  = 5 * time.Second
)

// callsBack are the operations that take a callback; a form has a way of its own.
var callsBack = []string{"PutObject", "CompleteMultipartUpload"}

// callback reads the callback of the request, nil for none. What is wrong with
// it is found before the upload is accepted.
func (c *call) callback() (*callback, error) {
	if !c.e.t.reading.reason || !slices.Contains(callsBack, c.kind) {
		return nil, nil
	}
	var asked struct{ CallbackURL, CallbackHost, CallbackBody, CallbackBodyType string }
	given, err := c.callbackParameter("callback", &asked)
	if err != nil || !given || asked.CallbackURL == "" {
		return nil, err
	}
	b := &callback{host: asked.CallbackHost, body: asked.CallbackBody, media: orElse(asked.CallbackBodyType, "application/x-www-form-urlencoded")}
	if _, err := c.callbackParameter("callback-var", &b.own); err != nil {
		return nil, err
	}
	address, _, _ := strings.Cut(asked.CallbackURL, ";")
	if !strings.Contains(address, "://") {
		address = "http://" + address
	}
	media := []string{"application/x-www-form-urlencoded", "application/json"}
	if b.url, err = url.Parse(address); err != nil || b.url.Hostname() == "" || b.body == "" || strings.ContainsAny(b.host, "\r\n") || !slices.Contains(media, b.media) {
		return nil, c.fault("InvalidArgument")
	}
	return b, nil
}

// callbackParameter reads a field, or the parameter of its name, that holds JSON
// in base 64.
func (c *call) callbackParameter(name string, into any) (given bool, err error) {
	text := c.field(c.own(name))
	if p, ok := c.param(name); ok && text == "" {
		text = p
	}
	if text == "" {
		return false, nil
	}
	plain, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(text) > callbackSize || json.Unmarshal(plain, into) != nil {
		return true, c.fault("InvalidArgument")
	}
	return true, nil
}

var variable = regexp.MustCompile(`\$\{[^}]*\}`)

// expanded is the body of the callback, with what its variables stand for.
func (c *call) expanded(b *callback) string {
	o := c.bucket.Get(c.at.Key)
	known := map[string]string{"bucket": c.at.Bucket, "object": c.at.Key, "operation": c.kind, "reqId": c.id}
	if o != nil {
		media, _ := o.Field("Content-Type")
		known["etag"], known["size"], known["mimeType"], known["crc64"] = o.ETag, strconv.FormatInt(o.Size, 10), media, strconv.FormatUint(o.CRC64, 10)
	}
	return variable.ReplaceAllStringFunc(b.body, func(name string) string {
		name = name[2 : len(name)-1]
		value, ok := known[name]
		if !ok {
			value = b.own[name]
		}
		if b.media == "application/json" {
			quoted, _ := json.Marshal(value) // a text can be written
			return string(quoted)
		}
		return url.QueryEscape(value)
	})
}

// callBack tells the client's server, and answers what it answers. The object
// stays, whatever comes of it.
func (c *call) callBack(b *callback) error {
	status, body := b.send(c.expanded(b))
	if status != 200 || !json.Valid(body) {
		f := c.fault("CallbackFailed")
		f.said.Message = fmt.Sprintf("Error status : %d.", status)
		return f
	}
	c.reply.Fields.Set("Content-Type", "application/json")
	c.send(body)
	return nil
}

// loopbackOnly keeps a dialer from every address that is not on this machine: a
// test double tells nobody else what clients ask it to.
func loopbackOnly(_, address string, _ syscall.RawConn) error {
	if to, err := netip.ParseAddrPort(address); err != nil || !to.Addr().Unmap().IsLoopback() {
		return fmt.Errorf("emulator: callback to %s: expected a loopback address", address)
	}
	return nil
}

// send posts a text; status is 502 where nobody answers, or nobody on loopback.
func (b *callback) send(text string) (status int, body []byte) {
	port := orElse(b.url.Port(), map[string]string{"http": "80", "https": "443"}[b.url.Scheme])
	d := &net.Dialer{Timeout: callbackWait, Control: loopbackOnly}
	address := net.JoinHostPort(b.url.Hostname(), port)
	var conn net.Conn
	var err error
	if b.url.Scheme == "https" {
		conn, err = tls.DialWithDialer(d, "tcp", address, nil)
	} else {
		conn, err = d.Dial("tcp", address)
	}
	if err != nil {
		return 502, nil
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(callbackWait))
	var head bytes.Buffer
	fmt.Fprintf(&head, "POST %s HTTP/1.0\r\nHost: %s\r\nConnection: close\r\nUser-Agent: ehttp-client/0.0.1\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s",
		b.url.RequestURI(), orElse(b.host, b.url.Host), b.media, len(text), text)
	if _, err := head.WriteTo(conn); err != nil {
		return 502, nil
	}
	r, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return 502, nil
	}
	defer r.Body.Close()
	body, err = io.ReadAll(io.LimitReader(r.Body, callbackReply))
	if err != nil {
		return 502, nil
	}
	return r.StatusCode, body
}
