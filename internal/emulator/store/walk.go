package store

import "github.com/tidwall/btree"

// Walk visits objects in byte order of their keys, from the first whose key is
// not less than from, in one look at the bucket that no change comes between.
// visit tells where to go on: with the next object ("") or with the first whose
// key is not less than seek, which must lie behind the one it got; it ends the
// walk with more false. Each seek costs the logarithm of the number of objects.
//
// A writer waits for the whole of it, so visit must be quick and the walk short.
func (b *Bucket) Walk(from string, visit func(*Object) (seek string, more bool)) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	walk(&b.objects, from, visit)
}

// WalkUploads is Walk for the open uploads, in byte order of key and ID, from
// the first that does not come before the ID id of key. visit seeks the first
// upload of a key that is not less than seek.
func (b *Bucket) WalkUploads(key, id string, visit func(*Upload) (seek string, more bool)) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	walk(&b.uploads, place(key, id), func(u *Upload) (string, bool) {
		seek, more := visit(u)
		if seek != "" {
			seek = place(seek, "")
		}
		return seek, more
	})
}

func walk[T any](in *btree.Map[string, T], from string, visit func(T) (seek string, more bool)) {
	it := in.Iter()
	for ok := it.Seek(from); ok; {
		seek, more := visit(it.Value())
		switch {
		case !more:
			return
		case seek == "":
			ok = it.Next()
		default:
			ok = it.Seek(seek)
		}
	}
}
