package store

import (
	"slices"

	"github.com/tidwall/btree"
)

// A line is all that a key holds, newest first: what there is to read, then
// what stands behind it. Where the newest is a delete marker there is nothing to
// read, and the marker is the first of past.
type line struct {
	now  *Object
	past []*Object // immutable
}

// newest is the version that a request without an ID means; nil for none.
func (l line) newest() *Object {
	if l.now == nil && len(l.past) > 0 {
		return l.past[0]
	}
	return l.now
}

// find is the version called id, nil when there is none.
func (l line) find(id string) *Object {
	if l.now != nil && l.now.Version == id {
		return l.now
	}
	for _, o := range l.past {
		if o.Version == id {
			return o
		}
	}
	return nil
}

// all are the versions, newest first.
func (l line) all() []*Object {
	if l.now == nil {
		return l.past
	}
	return append([]*Object{l.now}, l.past...)
}

// lineOf is the line of versions that are given newest first.
func lineOf(all []*Object) line {
	if len(all) == 0 || all[0].Marker {
		return line{past: all}
	}
	return line{now: all[0], past: all[1:]}
}

// without is the line less one version.
func (l line) without(o *Object) line {
	if len(l.past) == 0 {
		return line{}
	}
	return lineOf(slices.DeleteFunc(slices.Clone(l.all()), func(other *Object) bool { return other == o }))
}

// with is the line with o as its newest version; the one with its ID goes.
func (l line) with(o *Object) line {
	rest := l
	if same := l.find(o.Version); same != nil {
		rest = l.without(same)
	}
	o.order = 0
	if newest := rest.newest(); newest != nil {
		o.order = newest.order + 1
	} else if !o.Marker {
		return line{now: o}
	}
	return lineOf(append([]*Object{o}, rest.all()...))
}

// instead is the line with made in the place of old.
func (l line) instead(old, made *Object) line {
	made.order, made.Version = old.order, old.Version
	all := slices.Clone(l.all())
	all[slices.Index(all, old)] = made
	return lineOf(all)
}

// line is what a key holds. The caller holds mu.
func (b *Bucket) line(key string) (l line) {
	l.now, _ = b.objects.Get(key)
	if b.past.Len() > 0 {
		l.past, _ = b.past.Get(key)
	}
	return l
}

// settle shows what a key holds now. The caller holds mu.
func (b *Bucket) settle(key string, l line) {
	if l.now == nil {
		b.objects.Delete(key)
	} else {
		b.objects.Set(key, l.now)
	}
	switch {
	case len(l.past) > 0:
		b.past.Set(key, l.past)
	case b.past.Len() > 0:
		b.past.Delete(key)
	}
}

// Newest returns the newest version at key, which may be a delete marker; nil
// when there is none.
func (b *Bucket) Newest(key string) *Object {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.line(key).newest()
}

// Version returns the version at key called id, which may be a delete marker;
// nil when there is none. "" is the ID of what was stored without versions.
func (b *Bucket) Version(key, id string) *Object {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.line(key).find(id)
}

// Empty tells whether the bucket holds nothing, old versions and delete markers
// included.
func (b *Bucket) Empty() bool {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.objects.Len() == 0 && b.past.Len() == 0
}

// UpdateVersion replaces the version at key called id by what change returns, as
// Update does with the object: the version keeps its ID and its place. change
// gets nil where there is none, and must then return nil or an error.
func (b *Bucket) UpdateVersion(key, id string, change func(old *Object) (*Object, error)) error {
	return b.change(key, turn{pick: func(l line) *Object { return l.find(id) }, put: line.instead, change: change})
}

// A turn is one change of what a key holds: pick says what is to change, change
// what becomes of it, and put where that stands.
type turn struct {
	pick   func(line) *Object
	put    func(l line, old, made *Object) line
	change func(old *Object) (*Object, error)
}

// take is what the key holds afterwards, what is new of it, and what is gone. Same
// tells that nothing changes.
func (t turn) take(was line) (next line, made, gone *Object, same bool, err error) {
	old := t.pick(was)
	made, err = t.change(old)
	switch {
	case err != nil || made == old:
		return was, nil, nil, true, err
	case made == nil:
		return was.without(old), nil, old, false, nil
	}
	next = t.put(was, old, made)
	return next, made, was.find(made.Version), false, nil
}

// change makes a turn, in one step that no other change of the bucket can come
// between.
func (b *Bucket) change(key string, t turn) error {
	if b.disk != nil {
		return b.disk.change(b, key, t)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	next, made, _, same, err := t.take(b.line(key))
	if err != nil || same {
		return err
	}
	if made != nil {
		made.Key = key
	}
	b.settle(key, next)
	return nil
}

// WalkVersions is Walk for keys with all their versions, which visit gets newest
// first and must not keep.
func (b *Bucket) WalkVersions(from string, visit func(versions []*Object) (seek string, more bool)) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	now, past := b.objects.Iter(), b.past.Iter()
	var buf []*Object
	for inNow, inPast := now.Seek(from), past.Seek(from); inNow || inPast; {
		key, l := nextLine(&now, &past, inNow, inPast)
		buf = buf[:0]
		if l.now != nil {
			buf = append(buf, l.now)
		}
		seek, more := visit(append(buf, l.past...))
		switch {
		case !more:
			return
		case seek != "":
			inNow, inPast = inNow && now.Seek(seek), inPast && past.Seek(seek)
		default:
			inNow, inPast = inNow && ahead(&now, key), inPast && ahead(&past, key)
		}
	}
}

// ahead moves an iterator on that stands at key.
func ahead[T any](it *btree.MapIter[string, T], key string) bool {
	return it.Key() != key || it.Next()
}

// nextLine is the lesser of the keys that two iterators stand at, and what it
// holds.
func nextLine(now *btree.MapIter[string, *Object], past *btree.MapIter[string, []*Object], inNow, inPast bool) (key string, l line) {
	if inNow && (!inPast || now.Key() <= past.Key()) {
		key, l.now = now.Key(), now.Value()
	}
	if inPast && (l.now == nil || past.Key() == key) {
		key, l.past = past.Key(), past.Value()
	}
	return key, l
}
