package target

import (
	"bytes"
	"context"

	"objectharness/internal/client"
)

// RunDoctor is RunPreflight and then, where that holds, a walk through what every
// run needs: a bucket, and an object put, read and removed in it. What it makes
// it removes. The error is about settings.
func RunDoctor(ctx context.Context, c Config) (Preflight, error) {
	p, err := RunPreflight(ctx, c)
	if err != nil || !p.OK() {
		return p, err
	}
	o := p.Open(ctx, c)
	if o == nil {
		return p, nil
	}
	o.checkObject(ctx, &p)
	if err := o.Close(ctx); err != nil {
		p.fails("clean up", "%v", err)
	}
	return p, nil
}

// checkObject puts, reads and removes an object.
func (o *Opened) checkObject(ctx context.Context, p *Preflight) {
	key, body := o.Run+"/doctor", []byte("doctor")
	o.Made("object", o.Bucket, key, "")
	for _, step := range []struct {
		name, method string
		body         []byte
	}{{"write", "PUT", body}, {"read", "GET", nil}, {"remove", "DELETE", nil}} {
		r, err := o.Owner.Do(ctx, client.Call{Method: step.method, Bucket: o.Bucket, Key: key, Body: step.body})
		switch {
		case err != nil:
			p.fails(step.name, "%s", o.noReply(err))
			return
		case r.Status/100 != 2:
			p.fails(step.name, "%s of an object was answered %s; expected success: %s", step.method, o.Redactor.Text(described(r)), advice(r))
			return
		case step.name == "read" && !bytes.Equal(r.Body, body):
			p.fails(step.name, "expected the object's %d bytes, got %s", len(body), excerpt(r.Body))
			return
		}
		p.holds(step.name, "%s of an object works", step.method)
	}
	o.Gone("object", o.Bucket, key, "")
}
