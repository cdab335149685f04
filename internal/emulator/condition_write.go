package emulator

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"objectharness/internal/emulator/store"
)

// forbidden refuses to write over old, which may be nil, where the request says
// on which condition it wants to.
func (c *call) forbidden(old *store.Object) error {
	if err := c.overwrite(old); err != nil {
		return err
	}
	return c.permitted("put.", old, &c.e.t.conditions.put)
}

// overwrite holds a write to the dialect's field that forbids replacing.
func (c *call) overwrite(old *store.Object) error {
	name := c.e.t.forbid
	if name == "" || !c.in.Fields.Has(name) {
		return nil
	}
	if c.e.t.versions.free && c.versioning != "" && old != nil && c.does("version.forbid-ignored") {
		return nil
	}
	wanted := strings.EqualFold(c.field(name), "true")
	switch {
	case wanted && old != nil:
		return c.require("put.forbid-overwrite", false, "FileAlreadyExists")
	case wanted && pick(c, "put.forbid-overwrite-free", false, true),
		!wanted && old != nil && pick(c, "put.forbid-overwrite-false", false, true):
		return c.fault("FileAlreadyExists")
	}
	return nil
}

// removable refuses to remove old where a condition of the request does not
// hold. It tells the conditional writes to the key that are on their way.
func (c *call) removable(old *store.Object) error {
	d := &c.e.t.conditions.delete
	if err := c.implemented("delete.", d); err != nil {
		return err
	}
	if err := c.permitted("delete.", old, d); err != nil {
		return err
	}
	c.e.pending.emptied(c.place())
	return nil
}

// permitted weighs the conditions of a write.
func (c *call) permitted(prefix string, old *store.Object, o *obeyed) error {
	a := c.ask(old, o.fields)
	if !a.any() {
		return nil
	}
	a.write = true
	v := c.weigh(a)
	switch {
	case v == fulfilled:
		return c.undisturbed(o)
	case old == nil && v.field == ifMatch && o.free != "":
		return c.require(prefix+"if-match-free", false, o.free)
	}
	return c.unmet(prefix, v)
}

// implemented refuses conditions that the operation does not have.
func (c *call) implemented(prefix string, o *obeyed) error {
	for _, name := range o.unknown {
		if c.in.Fields.Has(name) {
			if err := c.unknown(prefix+"condition-unknown", name); err != nil {
				return err
			}
		}
	}
	if !o.narrow {
		return nil
	}
	match, none := c.field(ifMatch), c.field(ifNone)
	switch {
	case match != "" && none != "":
		return c.unknown(prefix+"both-conditions", ifMatch+","+ifNone)
	case none != "" && none != "*":
		return c.unknown(prefix+"if-none-match-tag", ifNone)
	case match == "*":
		return c.unknown(prefix+"if-match-any", ifMatch)
	}
	return nil
}

// unknown refuses a field whose function does not exist, and names it.
func (c *call) unknown(rule, field string) error {
	var more []detail
	if name := pick(c, "condition.header-named", field, ""); name != "" {
		more = append(more, withExtra("Header", name))
	}
	return c.require(rule, false, "NotImplemented", more...)
}

// place names the object of the request among all.
func (c *call) place() string { return c.at.Bucket + "/" + c.at.Key }

// guarded is a write that looks at its conditions before its body comes, and
// watches its key while it comes.
func guarded(write func(*call) error) func(*call) error {
	return func(c *call) error {
		o := &c.e.t.conditions.put
		if err := c.implemented("put.", o); err != nil {
			return err
		}
		if o.conflict != "" && c.ask(nil, o.fields).any() {
			c.emptied = &atomic.Bool{}
			defer c.e.pending.watch(c.place(), c.emptied)()
		}
		return write(c)
	}
}

// undisturbed refuses a conditional write whose key was emptied on its way.
func (c *call) undisturbed(o *obeyed) error {
	if c.emptied == nil || !c.emptied.Load() {
		return nil
	}
	return c.require("put.conflict", false, o.conflict)
}

// pending are the conditional writes on their way, by the path of their object.
type pending struct {
	mu sync.Mutex
	at map[string][]*atomic.Bool
}

// watch sets told when the object at path is removed, until it is stopped.
func (p *pending) watch(path string, told *atomic.Bool) (stop func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.at == nil {
		p.at = map[string][]*atomic.Bool{}
	}
	p.at[path] = append(p.at[path], told)
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.at[path] = slices.DeleteFunc(p.at[path], func(t *atomic.Bool) bool { return t == told })
		if len(p.at[path]) == 0 {
			delete(p.at, path)
		}
	}
}

// emptied tells those who watch path that its object was removed.
func (p *pending) emptied(path string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, told := range p.at[path] {
		told.Store(true)
	}
}
