package client

import (
	"context"
	"time"

	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// A Sent is one exchange, or one that failed: evidence in the making.
type Sent struct {
	Request  *wire.Request // its Body has been read
	Body     []byte        // what Call.Body held; nil for a Source
	Reply    *wire.Reply   // nil when none came
	Err      error
	Began    time.Time
	Duration time.Duration
	Note     string
	Steps    *sign.Steps
}

type recorderKey struct{}

// WithRecorder makes every Do below ctx tell record what it sent and got.
func WithRecorder(ctx context.Context, record func(Sent)) context.Context {
	return context.WithValue(ctx, recorderKey{}, record)
}

func record(ctx context.Context, s Sent) {
	if f, ok := ctx.Value(recorderKey{}).(func(Sent)); ok {
		f(s)
	}
}
