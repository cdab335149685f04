package emulator

import (
	"errors"
	"fmt"

	"objectharness/internal/emulator/store"
)

// ErrData says that Options.Data is no directory that can keep the store.
var ErrData = errors.New("the store cannot be kept there")

// SeedOf returns the seed of the emulator that first used a directory as its
// Options.Data, and whether one did.
func SeedOf(dir string) (uint64, bool, error) { return store.SeedOf(dir) }

// open opens the store of an emulator of a dialect.
func (o *Options) open(dialect string) (*store.Store, error) {
	if o.Data == "" {
		return store.New(), nil
	}
	s, err := store.Open(o.Data, dialect, o.Seed)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrData, err)
	}
	return s, nil
}

// Close gives Options.Data back; requests that change something are answered
// 500 after it. An emulator without it has nothing to close.
func (e *Emulator) Close() error { return e.store.Close() }
