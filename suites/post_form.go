package suites

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"objectharness/internal/client"
	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// formBoundary separates the parts of every form.
const formBoundary = "form-boundary-9431149156168"

// formWords are the names that a dialect's documents use for parts of a form.
type formWords struct {
	status   string // field that chooses the status of a success
	redirect string // field that redirects after a success
	acl      string // field of the object's ACL
	covered  bool   // every field needs a condition
	// pins are the fields of a signature that a policy names, or condition=field
	// where the condition is called otherwise.
	pins []string
}

var formWordsOf = map[string]formWords{
	"oss": {status: "success_action_status", redirect: "success_action_redirect", acl: "x-oss-object-acl"},
	"cos": {status: "success_action_status", redirect: "success_action_redirect", acl: "acl",
		pins: []string{"q-sign-algorithm", "q-ak", "q-sign-time=q-key-time"}},
	"bos": {status: "success-action-status", redirect: "success-redirect-url"},
	"s3": {status: "success_action_status", redirect: "success_action_redirect", covered: true,
		pins: []string{"x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-security-token"}},
}

// An upload is a form as a case thinks of it. The zero value of each part is
// what the usual form has: a policy that allows it, and a right signature.
type formUpload struct {
	key      string      // of the key field
	fields   wire.Fields // further fields
	file     string      // content of the file
	name     string      // its name
	typ      string      // Content-Type of its part; "" for none
	behind   wire.Fields // fields behind the file
	only     []string    // conditions of the policy in place of the usual ones
	more     []string    // conditions beside them
	life     time.Duration
	expires  string                        // expiration as it is written; "" is life from now
	document func(policy string) string    // changes the policy before it is signed
	sign     func(*sign.Input)             // changes what the signature is made with
	form     func(wire.Fields) wire.Fields // changes all fields before the file
	body     func(string) string           // changes the body
	header   wire.Fields                   // header fields of the request
	typeOf   string                        // Content-Type of the request
	scheme   string                        // "" is the client's
	unsigned bool                          // neither policy nor signature
}

// A change is one thing in which a form differs from the usual one.
type formChange func(*Scene, *formUpload)

// Post uploads a form: a small file under the key "a" of the case, with a policy
// that allows it, and with the changes done to it.
func (s *Scene) Post(changes ...formChange) client.Call {
	u := &formUpload{key: s.Key("a"), file: "content", name: "file.txt", life: validity}
	for _, c := range changes {
		c(s, u)
	}
	fields := append(wire.Fields{{Name: "key", Value: u.key}}, u.fields...)
	if !u.unsigned {
		fields = append(fields, s.signForm(u)...)
	}
	if u.form != nil {
		fields = u.form(fields)
	}
	body := u.write(fields)
	if u.body != nil {
		body = u.body(body)
	}
	header := append(wire.Fields{{Name: "Content-Type", Value: "multipart/form-data; boundary=" + formBoundary}}, u.header...)
	if u.typeOf != "" {
		header[0].Value = u.typeOf
	}
	return client.Call{Method: "POST", Bucket: s.Bucket, Fields: header, Body: []byte(body), Anonymous: true}
}

// formSigner is the scheme that signs the form.
func (s *Scene) formSigner(u *formUpload) sign.FormScheme {
	scheme := s.Owner.Scheme
	if u.scheme != "" {
		scheme = s.Scheme(u.scheme)
	}
	f, ok := scheme.(sign.FormScheme)
	if !ok {
		panic(notRun{"no form is signed with " + scheme.Name()})
	}
	return f
}

// signForm makes the policy of a form and signs it.
func (s *Scene) signForm(u *formUpload) wire.Fields {
	k := s.Owner.Keys
	in := &sign.Input{AccessKey: k.AccessKey, SecretKey: k.SecretKey, Token: k.Token, Time: s.Now(), Expires: validity, Region: s.Owner.Region}
	if u.sign != nil {
		u.sign(in)
	}
	scheme := s.formSigner(u)
	blank, err := scheme.Form("{}", in, nil)
	if err != nil {
		panic(failed{err})
	}
	text := s.policyOf(u, blank)
	if u.document != nil {
		text = u.document(text)
	}
	fields, err := scheme.Form(text, in, nil)
	if err != nil {
		panic(failed{err})
	}
	return fields
}

// policyOf writes the policy of a form: until when, the bucket, any key, and
// what the dialect wants to be pinned.
func (s *Scene) policyOf(u *formUpload, signature wire.Fields) string {
	conditions := u.only
	if conditions == nil {
		conditions = append([]string{condEqual("bucket", s.Bucket), `["starts-with","$key",""]`}, s.pins(u, signature)...)
	}
	expires := u.expires
	if expires == "" {
		expires = s.Now().Add(u.life).UTC().Format("2006-01-02T15:04:05Z")
	}
	return `{"expiration":` + jsonText(expires) + `,"conditions":[` + strings.Join(append(conditions, u.more...), ",") + `]}`
}

// pins are the conditions that the dialect wants for its own fields.
func (s *Scene) pins(u *formUpload, signature wire.Fields) (list []string) {
	for _, name := range formWordsOf[s.Case.Dialect].pins {
		field, condition := name, name
		if as, other, ok := strings.Cut(name, "="); ok {
			condition, field = as, other
		}
		if v := signature.Get(field); v != "" {
			list = append(list, condEqual(condition, v))
		}
	}
	if formWordsOf[s.Case.Dialect].covered {
		for _, f := range u.fields {
			list = append(list, condOp("eq", f.Name, f.Value))
		}
	}
	return list
}

// condEqual is the condition {"field":"value"}.
func condEqual(field, value string) string {
	return "{" + jsonText(field) + ":" + jsonText(value) + "}"
}

// condOp is the condition ["eq","$field","value"], or another of its form.
func condOp(op, field, value string) string {
	return "[" + jsonText(op) + "," + jsonText("$"+field) + "," + jsonText(value) + "]"
}

// jsonText is a JSON text.
func jsonText(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		panic(failed{err})
	}
	return string(b)
}

// write puts the body together: the fields, the file, what stands behind it.
func (u *formUpload) write(fields wire.Fields) string {
	var b strings.Builder
	for _, f := range fields {
		b.WriteString(formPart(f.Name, f.Value))
	}
	b.WriteString(u.filePart())
	for _, f := range u.behind {
		b.WriteString(formPart(f.Name, f.Value))
	}
	b.WriteString("--" + formBoundary + "--\r\n")
	return b.String()
}

func (u *formUpload) filePart() string {
	head := `Content-Disposition: form-data; name="file"; filename="` + u.name + `"`
	if u.typ != "" {
		head += "\r\nContent-Type: " + u.typ
	}
	return "--" + formBoundary + "\r\n" + head + "\r\n\r\n" + u.file + "\r\n"
}

// formPart is one field of a body.
func formPart(name, value string) string {
	return "--" + formBoundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n"
}

// The changes that cases are made of.

// formKey stores the file under another key of the case.
func formKey(key string) formChange { return func(s *Scene, u *formUpload) { u.key = s.Key(key) } }

// formWith adds a field.
func formWith(name, value string) formChange {
	return func(_ *Scene, u *formUpload) { u.fields.Add(name, value) }
}

// formFile is the file.
func formFile(content string) formChange { return func(_ *Scene, u *formUpload) { u.file = content } }

// formDemands adds conditions to the policy.
func formDemands(conditions ...string) formChange {
	return func(_ *Scene, u *formUpload) { u.more = append(u.more, conditions...) }
}

// formWithout leaves fields out of the finished form.
func formWithout(names ...string) formChange {
	return func(_ *Scene, u *formUpload) {
		u.form = formThen(u.form, func(f wire.Fields) wire.Fields {
			for _, name := range names {
				f.Del(name)
			}
			return f
		})
	}
}

// formReplaced gives a field of the finished form another value.
func formReplaced(name, value string) formChange {
	return func(_ *Scene, u *formUpload) {
		u.form = formThen(u.form, func(f wire.Fields) wire.Fields { f.Set(name, value); return f })
	}
}

// formThen does one change of the fields after another.
func formThen(first, second func(wire.Fields) wire.Fields) func(wire.Fields) wire.Fields {
	if first == nil {
		return second
	}
	return func(f wire.Fields) wire.Fields { return second(first(f)) }
}

// formBody changes the body.
func formBody(edit func(string) string) formChange {
	return func(_ *Scene, u *formUpload) { u.body = edit }
}

// formUnsigned leaves policy and signature out.
func formUnsigned(_ *Scene, u *formUpload) { u.unsigned = true }

// policy64 is a policy as a form carries it.
func policy64(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

// posted is the given step that a form is accepted: the control of every case.
func formTaken(key string, changes ...formChange) Given {
	return func(s *Scene) {
		s.Must(s.Post(append([]formChange{formKey(key)}, changes...)...))
		s.Must(s.Get(s.Key(key)))
	}
}
