package store

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
	it := b.objects.Iter()
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
