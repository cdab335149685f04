package suites

import (
	"reflect"
	"testing"

	"objectharness/internal/clause"
	"objectharness/internal/client"
	"objectharness/internal/dialect"
	"objectharness/internal/wire"
)

func replyOf(status int, body string, fields ...wire.Field) *client.Reply {
	return &client.Reply{Reply: &wire.Reply{Status: status, Fields: fields, Body: []byte(body), Size: int64(len(body))}}
}

func TestBehaviour(t *testing.T) {
	r := replyOf(409, `<?xml version="1.0"?><Error><Code>X</Code><RequestId>5F</RequestId><Code>X</Code></Error>`,
		wire.Field{Name: "Date", Value: "now"}, wire.Field{Name: "x-oss-request-id", Value: "5F"}, wire.Field{Name: "Content-Type", Value: "application/xml"})
	r.Err = dialect.Error{Code: "X"}
	want := &clause.Behaviour{Status: 409, Code: "X", Fields: []string{"content-type: application/xml", "x-oss-request-id"}, Body: "XML: Error Code RequestId"}
	if got := behaviour(r); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if behaviour(nil) != nil {
		t.Error("no reply has a behaviour")
	}
}

func TestShape(t *testing.T) {
	for body, want := range map[string]string{
		"": "", "  \n": "", "hello": "5 bytes", `{"b": 1, "a": {"c": 2}}`: "JSON: a b", `{"b"`: "4 bytes",
		"<a><b/><a><c></a>": "XML: a b c", "<\xff": "XML:", "<p>&nbsp;</p>": "XML: p",
	} {
		if got := shape(replyOf(200, body)); got != want {
			t.Errorf("%q: %q, want %q", body, got, want)
		}
	}
}
