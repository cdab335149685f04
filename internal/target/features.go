package target

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"objectharness/internal/client"
	"objectharness/internal/dialect"
	"objectharness/internal/wire"
)

// States of a feature.
const (
	Present = "present"
	Absent  = "absent"
	Unclear = "unclear" // only of a probe: its answer tells neither
)

// A feature is a part of the interface that a target may leave out as a whole.
// What uses it is told by the request, and whether it is there by one request
// that leaves nothing behind: never by a case that fails.
type feature struct {
	name string
	// uses tells whether a request is one of the feature.
	uses func(client.Sending) bool
	// probe is the request that tells; shows are the words that its answer holds
	// only where the feature is there: the root of a document, or an error code.
	probe func(o *Opened) client.Call
	shows []string
}

// features are all that a target file can declare.
var features = []feature{
	{"append", asks("append"), func(o *Opened) client.Call {
		c := o.probeObject("POST", "append", "")
		c.Query = append(c.Query, wire.Param{Name: "position", Value: "-1"}, wire.Param{Name: "offset", Value: "-1"})
		return c
	}, []string{"InvalidArgument", "PositionNotEqualToLength", "OffsetIncorrect", "InvalidPosition"}},
	{"versioning", asks("versioning", "versions", "versionId"), probeBucket("versioning"), []string{"VersioningConfiguration", `"status"`}},
	{"acl", asksOrSays([]string{"acl"}, "-acl", "-grant-"), probeBucket("acl"), []string{"AccessControlPolicy", "accessControlList"}},
	{"cors", asksOrSays([]string{"cors"}, "access-control-request-"), probeBucket("cors"), []string{"CORSConfiguration", "corsConfiguration", "NoSuchCORSConfiguration"}},
	{"post", isForm, probeForm, []string{"MalformedPOSTRequest", "InvalidArgument", "AccessDenied", "IncorrectNumberOfFilesInPostRequest",
		"InvalidPolicyDocument", "FieldItemTooLong", "MissingFields", "UserKeyMustBeSpecified"}},
	{"multipart", asks("uploads", "uploadId"), probeBucket("uploads"), []string{"ListMultipartUploadsResult", `"uploads"`}},
	{"multipart-copy", copiesPart, func(o *Opened) client.Call {
		c := o.probeObject("PUT", "", "")
		c.Query = []wire.Param{{Name: "partNumber", Value: "1"}, {Name: "uploadId", Value: "probe"}}
		c.Fields = wire.Fields{{Name: o.copySource(), Value: "/" + o.Bucket + "/" + c.Key}}
		return c
	}, []string{"NoSuchUpload", "NoSuchKey", "InvalidArgument"}},
	{"delete-many", asks("delete"), func(o *Opened) client.Call {
		return client.Call{Method: "POST", Bucket: o.Bucket, Query: bare("delete")}
	},
		[]string{"MalformedXML", "MissingArgument", "InvalidArgument", "MissingRequestBodyError", "InvalidDigest", "MalformedJSON", "InappropriateJSON", "InvalidRequest"}},
	{"virtual-hosted", hosted, func(o *Opened) client.Call { return client.Call{Method: "GET", Bucket: o.Bucket} }, []string{"ListBucketResult", `"contents"`}},
}

// FeatureNames lists what a target file can declare.
func FeatureNames() (names []string) {
	for _, f := range features {
		names = append(names, f.name)
	}
	return names
}

// asks tells of requests with one of these parameters.
func asks(params ...string) func(client.Sending) bool { return asksOrSays(params) }

// asksOrSays tells of requests with one of these parameters, or a field whose
// name holds one of these words.
func asksOrSays(params []string, words ...string) func(client.Sending) bool {
	return func(r client.Sending) bool {
		_, text := wire.SplitTarget(r.Target)
		for _, p := range wire.ParseQuery(text) {
			if slices.Contains(params, p.Name) {
				return true
			}
		}
		return slices.ContainsFunc(r.Fields, func(f wire.Field) bool {
			name := strings.ToLower(f.Name)
			return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(name, w) })
		})
	}
}

func isForm(r client.Sending) bool {
	return r.Method == "POST" && strings.HasPrefix(strings.ToLower(r.Fields.Get("Content-Type")), "multipart/form-data")
}

func copiesPart(r client.Sending) bool {
	return asks("uploadId")(r) && asksOrSays(nil, "-copy-source")(r)
}

// hosted tells of requests that name the bucket in the host.
func hosted(s client.Sending) bool {
	return s.Bucket != "" && strings.HasPrefix(s.Fields.Get("Host"), s.Bucket+".")
}

func bare(name string) []wire.Param { return []wire.Param{{Name: name, Bare: true}} }

// probeBucket asks for a setting of the bucket.
func probeBucket(setting string) func(*Opened) client.Call {
	return func(o *Opened) client.Call { return client.Call{Method: "GET", Bucket: o.Bucket, Query: bare(setting)} }
}

func (o *Opened) probeObject(method, param, body string) client.Call {
	c := client.Call{Method: method, Bucket: o.Bucket, Key: o.Run + "/probe", Body: []byte(body)}
	if param != "" {
		c.Query = bare(param)
	}
	return c
}

// probeForm is an upload form without any field: it can only be refused.
func probeForm(o *Opened) client.Call {
	return client.Call{Method: "POST", Bucket: o.Bucket, Anonymous: true, Body: []byte("--probe--\r\n"),
		Fields: wire.Fields{{Name: "Content-Type", Value: "multipart/form-data; boundary=probe"}}}
}

func (o *Opened) copySource() string {
	return map[string]string{"oss": "x-oss-copy-source", "cos": "x-cos-copy-source", "bos": "x-bce-copy-source"}[o.Dialect] +
		map[string]string{"s3": "x-amz-copy-source"}[o.Dialect]
}

// A Declared feature is what a target file says of it, and what the target
// showed.
type Declared struct{ Name, Declared, Probe, Detail string }

// Probe asks the target for every feature that its settings declare. From then
// on a request of one that is declared absent, and that the probe finds absent,
// is not sent: it is refused with client.ErrAbsent.
func (o *Opened) Probe(ctx context.Context) (found []Declared) {
	gone := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(o.config.Features)) {
		at := slices.IndexFunc(features, func(f feature) bool { return f.name == name })
		d := Declared{Name: name, Declared: o.config.Features[name]}
		if o.config.rehearsed {
			d.Probe, d.Detail = d.Declared, "taken from the target file"
		} else {
			d.Probe, d.Detail = o.probe(ctx, features[at])
		}
		gone[name] = d.Declared == Absent && d.Probe == Absent
		found = append(found, d)
	}
	o.without(gone)
	return found
}

// without refuses requests of features that are not there.
func (o *Opened) without(gone map[string]bool) {
	if !slices.Contains(slices.Collect(maps.Values(gone)), true) {
		return
	}
	o.admit(func(_ context.Context, s client.Sending) error {
		for _, f := range features {
			if gone[f.name] && f.uses(s) {
				return fmt.Errorf("%s %w by the target file, and the probe agrees", f.name, client.ErrAbsent)
			}
		}
		return nil
	})
}

// probe makes the request of one feature.
func (o *Opened) probe(ctx context.Context, f feature) (state, detail string) {
	who := *o.Owner
	if f.name == "virtual-hosted" {
		if o.config.addressed() {
			return Absent, "the endpoint is an address, which cannot carry a bucket in its name"
		}
		who.Endpoint.Style = dialect.HostStyle
	}
	call := f.probe(o)
	call.Note = "probe of " + f.name
	what := call.Method + " /" + call.Bucket
	for i, p := range call.Query {
		what += map[bool]string{true: "?", false: "&"}[i == 0] + p.Name
	}
	if o.config.ReadOnly && !Reads(call.Method) {
		return Unclear, what + " is not sent in a read-only run"
	}
	r, err := who.Do(ctx, call)
	if err != nil {
		return Unclear, what + ": " + o.Redactor.Text(err.Error())
	}
	return f.read(r), what + " was answered " + o.Redactor.Text(described(r))
}

// notThere are the codes with which servers refuse what they do not have.
var notThere = []string{"NotImplemented", "MethodNotAllowed", "NotSupported", "UnsupportedOperation", "OperationNotSupported", "FunctionNotSupported"}

// read tells what the answer of a probe shows. A success without the words that
// only the feature has is one of something else: the target did not look at what
// was asked.
func (f *feature) read(r *client.Reply) string {
	switch {
	case r.Status == 501 || r.Status == 405 || slices.Contains(notThere, r.Err.Code):
		return Absent
	case slices.Contains(f.shows, r.Err.Code):
		return Present
	case r.Status/100 == 2 && slices.ContainsFunc(f.shows, func(w string) bool { return strings.Contains(string(r.Body), w) }):
		return Present
	case r.Status/100 == 2:
		return Absent
	}
	return Unclear
}
