package emulator

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	"objectharness/internal/dialect"
)

// ParseLimits makes the function that sets limits by the names of the fields of
// dialect.Limits (PutSize, Parts, …); an unknown name is an error.
func ParseLimits(by map[string]int64) (func(*dialect.Limits), error) {
	for _, name := range slices.Sorted(maps.Keys(by)) {
		f, ok := reflect.TypeFor[dialect.Limits]().FieldByName(name)
		if !ok {
			return nil, fmt.Errorf("emulator: no limit is called %q; they are the fields of dialect.Limits", name)
		}
		if reflect.Zero(f.Type).OverflowInt(by[name]) || by[name] < 0 {
			return nil, fmt.Errorf("emulator: limit %s: %d is out of range", name, by[name])
		}
	}
	by = maps.Clone(by)
	return func(l *dialect.Limits) {
		v := reflect.ValueOf(l).Elem()
		for name, n := range by {
			v.FieldByName(name).SetInt(n)
		}
	}, nil
}
