// Package all lists the dialects.
package all

import (
	"fmt"
	"strings"

	"objectharness/internal/dialect"
	"objectharness/internal/dialect/bos"
	"objectharness/internal/dialect/cos"
	"objectharness/internal/dialect/oss"
	"objectharness/internal/dialect/s3"
)

// All makes the four dialects: oss, cos, bos, s3.
func All() []*dialect.Dialect {
	return []*dialect.Dialect{oss.New(), cos.New(), bos.New(), s3.New()}
}

// ByName makes the dialect of that name.
func ByName(name string) (*dialect.Dialect, error) {
	var names []string
	for _, d := range All() {
		if d.Name == name {
			return d, nil
		}
		names = append(names, d.Name)
	}
	return nil, fmt.Errorf("dialect: no dialect is called %q; there are %s", name, strings.Join(names, ", "))
}
