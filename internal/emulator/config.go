package emulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"objectharness/internal/dialect"
	"objectharness/internal/emulator/store"
)

// A config is a sub-resource of a bucket that is put, read and removed as a
// whole: a document of XML or JSON that the emulator holds to a form and keeps
// under its name. Its rules begin with that name: lifecycle.none,
// lifecycle.malformed.
type config struct {
	name      string                      // of the bucket's setting and of the rules
	form      *configForm                 // nil: check alone reads the document
	json      bool                        // it is JSON in a dialect of XML
	malformed string                      // code for what does not fit the form; "" for that of the dialect
	none      string                      // code for reading one that is not there; "" for the initial one
	initial   string                      // what is read before one was put
	item      string                      // parameter that tells several of a bucket apart; "" where there is one
	put       int                         // status of setting it; 0 for 200
	removed   int                         // status of removing it; 0 for 204
	again     string                      // code for removing what is not there; "" takes it for done
	size      int64                       // the greatest document in bytes; 0 for configSize
	bound     func(*dialect.Limits) int64 // the same, where the dialect has a limit of it
	tooLarge  string                      // code for a larger one; "" for malformed
	space     string                      // name space of what is read; "" for none
	digest    string                      // code for a document without a digest; "" asks for none
	empty     string                      // code for no document at all; "" for malformed
	// check refuses what the form lets pass. The tree is nil where form is.
	check func(c *call, doc *configNode, text []byte) error
	// told adds to the reply that reads the document; nil adds nothing.
	told func(c *call)
	// rest is what remains of a document where a removal names parts of it, nil for
	// nothing; not set where no removal does.
	rest func(c *call, doc *configNode) *configNode
}

// configSize bounds a document in bytes where no other bound is documented.
const configSize = 1 << 20

// configs are the documents of a dialect by the names that their operations have
// behind Get, Put and Delete.
type configs map[string]config

// find returns the document that an operation is about, and what it does.
func (list configs) find(kind string) (verb string, of *config) {
	for _, verb := range []string{"Get", "Put", "Delete"} {
		name, ok := strings.CutPrefix(kind, verb)
		if !ok {
			continue
		}
		for _, name := range []string{name, name + "Configuration"} {
			if d, known := list[name]; known {
				return verb, &d
			}
		}
	}
	return "", nil
}

// configHandler is the handler of an operation on a document of the bucket, nil
// where it is none.
func (c *call) configHandler() func(*call) error {
	switch verb, d := c.e.t.configs.find(c.kind); verb {
	case "Get":
		return func(c *call) error { return c.getConfig(d) }
	case "Put":
		return func(c *call) error { return c.putConfig(d) }
	case "Delete":
		return func(c *call) error { return c.deleteConfig(d) }
	}
	return nil
}

// place is the name of the bucket's setting.
func (d *config) place(c *call) string {
	if d.item == "" {
		return d.name
	}
	id, _ := c.param(d.item)
	return d.name + "/" + id
}

func (c *call) putConfig(d *config) error {
	text, err := c.configText(d)
	if err != nil {
		return err
	}
	kept, err := c.readConfig(d, text)
	if err != nil {
		return err
	}
	if err := c.settled(); err != nil {
		return err
	}
	c.status(d.name+".put-status", orStatus(d.put, 200))
	if !c.does(d.name + ".stores") {
		return nil
	}
	return c.bucket.Configure(d.place(c), kept)
}

// readConfig holds a document to its form and gives back what is kept of it.
func (c *call) readConfig(d *config, text []byte) (kept string, err error) {
	read, isJSON := configXML, c.e.t.json || d.json
	if isJSON {
		read = configJSON
	}
	var doc *configNode
	if d.form != nil {
		if doc, err = read(text); err != nil {
			doc = nil
		}
		rule, fits := d.fits(doc, isJSON)
		if err := c.require(rule, fits, d.malformedCode(c)); err != nil {
			return "", err
		}
	}
	if d.check != nil && (doc != nil || d.form == nil) {
		if err := d.check(c, doc, text); err != nil {
			return "", err
		}
	}
	if isJSON || doc == nil {
		return string(text), nil
	}
	return doc.markup(""), nil
}

// fits holds a document, nil for what is none, to the form; rule is the one that
// it breaks.
func (d *config) fits(doc *configNode, isJSON bool) (rule string, fits bool) {
	own := orElse(d.form.rule, d.name+".malformed")
	if doc == nil || !isJSON && doc.Name != d.form.name {
		return own, false
	}
	rule, fits = d.form.misfit(doc, own)
	return orElse(rule, own), fits
}

func (d *config) malformedCode(c *call) string { return orElse(d.malformed, c.e.t.sharing.malformed) }

// configText reads the document that a request brings: bounded, and as its digest
// says.
func (c *call) configText(d *config) ([]byte, error) {
	sum, err := c.givenMD5()
	if err != nil {
		return nil, err
	}
	if d.digest != "" {
		if err := c.require("config.digest-required", sum != nil || c.checksummed(), d.digest); err != nil {
			return nil, err
		}
	}
	limit := d.size
	if limit == 0 {
		limit = configSize
	}
	if d.bound != nil {
		limit = d.bound(&c.e.d.Limits)
	}
	tooLarge := orElse(d.tooLarge, d.malformedCode(c))
	blob, err := c.e.store.Spool(judged{c}, limit+1)
	if errors.Is(err, store.ErrTooLarge) {
		return nil, c.fault(tooLarge)
	}
	if err != nil {
		return nil, err
	}
	if blob.Size == 0 && d.empty != "" {
		return nil, c.require(d.name+".empty", false, d.empty)
	}
	if err := c.atMost(d.name+".size", blob.Size, limit, tooLarge); err != nil {
		return nil, err
	}
	of, text, err := c.givenSum()
	if err := errors.Join(err, c.matchMD5(sum, blob), c.matchSum(of, text, blob)); err != nil {
		return nil, err
	}
	return io.ReadAll(blob.Range(0, blob.Size))
}

func (c *call) getConfig(d *config) error {
	kept := orElse(c.bucket.Setting(d.place(c)), d.initial)
	if kept == "" {
		if err := c.require(d.name+".none", false, d.none, c.bucketName); err != nil {
			return err
		}
	}
	c.status(d.name+".get-status", 200)
	if d.told != nil {
		d.told(c)
	}
	if c.e.t.json || d.json {
		return c.sendKept(d, kept)
	}
	doc, err := configXML([]byte(kept))
	if err != nil {
		return nil // a broken rule has let nothing pass for a document
	}
	told := doc.markup(d.space)
	return c.sendMarkup([]byte(pick(c, d.name+".told", told, doc.shorter().markup(d.space))))
}

// sendKept answers a document of JSON as it came, blanks and all.
func (c *call) sendKept(d *config, kept string) error {
	var short bytes.Buffer
	if json.Compact(&short, []byte(kept)) != nil {
		short.WriteString(kept)
	}
	c.reply.Fields.Set("Content-Type", "application/json")
	c.send([]byte(pick(c, d.name+".told", kept, short.String())))
	return nil
}

func (c *call) deleteConfig(d *config) error {
	had := c.bucket.Setting(d.place(c)) != ""
	switch {
	case had:
	case d.again != "":
		if err := c.require(d.name+".delete-missing", false, d.again); err != nil {
			return err
		}
	default:
		if err := c.admit(d.name+".delete-none", orElse(d.none, "NoSuchConfiguration")); err != nil {
			return err
		}
	}
	if err := c.settled(); err != nil {
		return err
	}
	c.status(d.name+".delete-status", orStatus(d.removed, 204))
	if had && !c.does(d.name+".deletes") {
		return nil
	}
	if d.rest != nil && had {
		if doc := d.rest(c, c.keptElement(d.place(c))); doc != nil {
			return c.bucket.Configure(d.place(c), doc.markup(""))
		}
	}
	return c.bucket.Configure(d.place(c), "")
}

// orStatus is a status, or what holds where none is given.
func orStatus(status, otherwise int) int {
	if status == 0 {
		return otherwise
	}
	return status
}
