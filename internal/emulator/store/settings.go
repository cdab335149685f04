package store

import (
	"slices"
	"strings"
)

// Settings are the names that begin with prefix under which the bucket is
// configured, in byte order.
func (b *Bucket) Settings(prefix string) (names []string) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	for name := range b.settings {
		if strings.HasPrefix(name, prefix) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
