package emulator

import (
	"reflect"

	"objectharness/internal/dialect"
)

// Scale changes the limits that are named by their fields of dialect.Limits, so
// that a private emulator shows at a few bytes what the documents say of
// gibibytes: the same code, another number. Names that are not there are
// ignored.
func Scale(values map[string]int64) func(*dialect.Limits) {
	return func(l *dialect.Limits) {
		v := reflect.ValueOf(l).Elem()
		for name, n := range values {
			if f := v.FieldByName(name); f.IsValid() {
				f.SetInt(n)
			}
		}
	}
}
