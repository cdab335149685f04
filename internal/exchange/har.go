package exchange

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"
)

// HAR writes exchanges as an HTTP archive, version 1.2. base is the scheme and
// authority of the endpoint; version is the harness's own. Bodies are cut as in
// the evidence; a comment tells the whole length and SHA-256.
func HAR(base, version string, all []Exchange) ([]byte, error) {
	log := harLog{Version: "1.2", Creator: harName{"harness", version}, Entries: []harEntry{}}
	for i := range all {
		log.Entries = append(log.Entries, entry(base, &all[i]))
	}
	text, err := json.MarshalIndent(map[string]harLog{"log": log}, "", " ")
	if err != nil {
		return nil, fmt.Errorf("exchange: HAR: %w", err)
	}
	return append(text, '\n'), nil
}

// The names below are the format's.
type (
	harLog struct {
		Version string     `json:"version"`
		Creator harName    `json:"creator"`
		Entries []harEntry `json:"entries"`
	}
	harName struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	harEntry struct {
		Started  string      `json:"startedDateTime"`
		Time     float64     `json:"time"` // milliseconds
		Request  harRequest  `json:"request"`
		Response harResponse `json:"response"`
		Cache    struct{}    `json:"cache"`
		Timings  harTimings  `json:"timings"`
		Comment  string      `json:"comment,omitempty"`
	}
	harPair struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	harRequest struct {
		Method      string    `json:"method"`
		URL         string    `json:"url"`
		HTTPVersion string    `json:"httpVersion"`
		Cookies     []harPair `json:"cookies"`
		Headers     []harPair `json:"headers"`
		QueryString []harPair `json:"queryString"`
		PostData    *harPost  `json:"postData,omitempty"`
		HeadersSize int64     `json:"headersSize"`
		BodySize    int64     `json:"bodySize"`
	}
	harPost struct {
		MimeType string    `json:"mimeType"`
		Params   []harPair `json:"params"`
		Text     string    `json:"text"`
		Comment  string    `json:"comment,omitempty"`
	}
	harResponse struct {
		Status      int        `json:"status"` // 0 when no reply came
		StatusText  string     `json:"statusText"`
		HTTPVersion string     `json:"httpVersion"`
		Cookies     []harPair  `json:"cookies"`
		Headers     []harPair  `json:"headers"`
		Content     harContent `json:"content"`
		RedirectURL string     `json:"redirectURL"`
		HeadersSize int64      `json:"headersSize"`
		BodySize    int64      `json:"bodySize"`
	}
	harContent struct {
		Size     int64  `json:"size"`
		MimeType string `json:"mimeType"`
		Text     string `json:"text,omitempty"`
		Encoding string `json:"encoding,omitempty"`
		Comment  string `json:"comment,omitempty"`
	}
	harTimings struct {
		Send    float64 `json:"send"`
		Wait    float64 `json:"wait"`
		Receive float64 `json:"receive"`
	}
)

func entry(base string, e *Exchange) harEntry {
	took := float64(e.Duration.Microseconds()) / 1000
	out := harEntry{
		Started: e.Began.UTC().Format(time.RFC3339Nano), Time: took, Timings: harTimings{Wait: took},
		Request: sent(base, &e.Request), Response: received(e.Reply), Comment: e.Note,
	}
	if e.Error != "" {
		out.Comment = e.Error
	}
	return out
}

func sent(base string, m *Message) harRequest {
	r := harRequest{
		Method: m.Method, URL: urlOf(base, m), HTTPVersion: "HTTP/1.1", Cookies: []harPair{}, Headers: pairs(m),
		QueryString: []harPair{}, HeadersSize: -1, BodySize: m.Length,
	}
	for _, p := range query(m.Target) {
		r.QueryString = append(r.QueryString, harPair{p.Name, p.Value})
	}
	if m.Length != 0 && !m.Headless {
		r.PostData = &harPost{MimeType: m.Fields.Get("Content-Type"), Params: []harPair{}, Text: string(m.Body), Comment: whole(m)}
	}
	return r
}

// urlOf is the URL of a request; without a base the request's own host tells.
func urlOf(base string, m *Message) string {
	if base == "" {
		base = "http://" + m.Fields.Get("Host")
	}
	return base + m.Target
}

func received(m *Message) harResponse {
	if m == nil {
		m = &Message{Length: -1}
	}
	r := harResponse{
		Status: m.Status, StatusText: m.Reason, HTTPVersion: "HTTP/1.1", Cookies: []harPair{}, Headers: pairs(m),
		RedirectURL: m.Fields.Get("Location"), HeadersSize: -1, BodySize: m.Length,
		Content: harContent{Size: max(0, m.Length), MimeType: m.Fields.Get("Content-Type"), Text: string(m.Body), Comment: whole(m)},
	}
	if !utf8.Valid(m.Body) {
		r.Content.Text, r.Content.Encoding = base64.StdEncoding.EncodeToString(m.Body), "base64"
	}
	return r
}

func pairs(m *Message) []harPair {
	out := make([]harPair, len(m.Fields))
	for i, f := range m.Fields {
		out[i] = harPair(f)
	}
	return out
}

// whole describes a body of which less is kept, or whose text is no text.
func whole(m *Message) string {
	if m.Complete() && utf8.Valid(m.Body) {
		return ""
	}
	return describe(m)
}
