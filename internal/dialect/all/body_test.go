package all_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"reflect"
	"strings"
	"testing"

	"objectharness/internal/dialect"
	"objectharness/internal/dialect/all"
	"objectharness/internal/wire"
)

func sample(d *dialect.Dialect) dialect.Error {
	e := dialect.Error{Code: "SignatureDoesNotMatch", Message: "a <b> & \"c\" ü\r\n", RequestID: "id-1",
		Extra: []wire.Field{{Name: "StringToSign", Value: "GET\n\n\n"}, {Name: "SignatureProvided", Value: "x+/="}}}
	if d.Name != "bos" {
		e.HostID = "host"
	}
	if d.Name == "cos" {
		e.Resource = "host/k"
	}
	return e
}

func TestErrorRoundTrip(t *testing.T) {
	for _, d := range all.All() {
		want := sample(d)
		body := d.EncodeError(want)
		got, err := d.DecodeError(body)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %s\n got %+v, %v\nwant %+v", d.Name, body, got, err, want)
		}
	}
}

// The documents print their error bodies in these orders.
func TestErrorForm(t *testing.T) {
	e := dialect.Error{Code: "C", Message: "M", RequestID: "R", HostID: "H", Resource: "S", Extra: []wire.Field{{Name: "Key", Value: "K"}}}
	const head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>"
	for name, want := range map[string]string{
		"oss": head + "<Code>C</Code><Message>M</Message><RequestId>R</RequestId><HostId>H</HostId><Key>K</Key></Error>",
		"cos": head + "<Code>C</Code><Message>M</Message><Key>K</Key><Resource>S</Resource><RequestId>R</RequestId><TraceId>H</TraceId></Error>",
		"bos": `{"code":"C","message":"M","requestId":"R","Key":"K"}`,
		"s3":  head + "<Code>C</Code><Message>M</Message><Key>K</Key><RequestId>R</RequestId><HostId>H</HostId></Error>",
	} {
		if got := string(byName(t, name).EncodeError(e)); got != want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, want)
		}
	}
}

func TestErrorIsWellFormed(t *testing.T) {
	bad := "a\x00b\x1b\xff\ufffe]]><!--&"
	e := dialect.Error{Code: "C", Message: bad, RequestID: bad, Extra: []wire.Field{{Name: "X", Value: bad}, {Name: "no name", Value: "v"}, {Name: "Code", Value: "other"}}}
	for _, d := range all.All() {
		body := d.EncodeError(e)
		var into any = new(struct{ Code, Message string })
		unmarshal := xml.Unmarshal
		if d.Name == "bos" {
			unmarshal = json.Unmarshal
		}
		if err := unmarshal(body, into); err != nil {
			t.Errorf("%s: %s: %v", d.Name, body, err)
		}
		if got, err := d.DecodeError(body); err != nil || got.Code != "C" {
			t.Errorf("%s: %s: got %+v, %v", d.Name, body, got, err)
		}
	}
}

func TestDecodeAnyOrder(t *testing.T) {
	body := `<Error xmlns="http://x/"><RequestId>
	R
</RequestId> <Message><b>M</b>!</Message><Code>C</Code><Code>D</Code><Key>K</Key></Error>`
	want := dialect.Error{Code: "C", Message: "M!", RequestID: "R", Extra: []wire.Field{{Name: "Key", Value: "K"}}}
	for _, name := range []string{"oss", "cos", "s3"} {
		if got, err := byName(t, name).DecodeError([]byte(body)); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, %v, want %+v", name, got, err, want)
		}
	}
	got, err := byName(t, "bos").DecodeError([]byte(` {"requestId":"R","n":[1],"message":"M!","code":"C","Key":"K"} `))
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("bos: got %+v, %v, want %+v", got, err, want)
	}
}

func TestDecodeGarbage(t *testing.T) {
	for _, body := range []string{
		"", " ", "garbage", "null", "[]", `"x"`, "{", `{"code":`, `{"code":"C"} x`, `{"code":1}`, `{"message":"M"}`,
		"<html><body>502 Bad Gateway</body></html>", "<!DOCTYPE html><Error>", "<Error>", "<Error><Code>C</Code>", "<Error/>",
		"<Error><Code></Code></Error>", "text<Error><Code>C</Code></Error>", "<Error><Code>&nbsp;</Code></Error>",
		`<?xml version="1.0" encoding="x-no"?><Error><Code>C</Code></Error>`,
		"<Error><Code>" + strings.Repeat("<a>", 1000), "<Error>" + strings.Repeat(" ", 1<<20), "{" + strings.Repeat(" ", 1<<20),
	} {
		for _, d := range all.All() {
			if e, err := d.DecodeError([]byte(body)); !errors.Is(err, dialect.ErrBody) {
				t.Errorf("%s: %.60q: got %+v, %v, want ErrBody", d.Name, body, e, err)
			}
		}
	}
}

func TestDecodeIsBounded(t *testing.T) {
	xmlBody := "<Error><Code>C</Code>"
	jsonBody := `{"code":"C"`
	for i := range 1000 {
		name := "E" + strings.Repeat("x", i)
		xmlBody += "<" + name + "/>"
		jsonBody += `,"` + name + `":"v"`
	}
	for _, d := range all.All() {
		body := xmlBody + "</Error>"
		if d.Name == "bos" {
			body = jsonBody + "}"
		}
		if e, err := d.DecodeError([]byte(body)); err != nil || len(e.Extra) != 64 {
			t.Errorf("%s: %d extras, %v, want 64", d.Name, len(e.Extra), err)
		}
	}
}

// FuzzDecodeError holds DecodeError to surviving anything, and to reading what
// EncodeError writes of what it read.
func FuzzDecodeError(f *testing.F) {
	for _, d := range all.All() {
		f.Add(d.EncodeError(sample(d)))
	}
	f.Add([]byte("<html>"))
	f.Add([]byte("<Error><Code>C</Code><a:b xmlns:a='x'>y</a:b></Error>"))
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, d := range all.All() {
			e, err := d.DecodeError(body)
			if err != nil {
				if !errors.Is(err, dialect.ErrBody) {
					t.Errorf("%s: %v is not ErrBody", d.Name, err)
				}
				continue
			}
			again, err := d.DecodeError(d.EncodeError(e))
			if err != nil || again.Code != e.Code || again.Message != e.Message || again.RequestID != e.RequestID {
				t.Errorf("%s: %q: read %+v, then %+v, %v", d.Name, body, e, again, err)
			}
		}
	})
}
