package emulator

import (
	"context"
	"io"
	"strconv"
	"time"
)

// flowField asks for a bound of the rate at which a body moves, in bits a second;
// the parameter of the same name does as well.
const flowField = "traffic-limit"

// rate is the bound that the request asks for, 0 for none. Where the dialect has
// no such thing, the field means nothing.
func (c *call) rate() (int64, error) {
	l := &c.e.d.Limits
	text := c.field(c.own(flowField))
	if p, ok := c.param(c.own(flowField)); ok {
		if err := c.require("flow.both", text == "" || l.MaxRate == 0, "InvalidArgument"); err != nil {
			return 0, err
		}
		text = p
	}
	if l.MaxRate == 0 || text == "" {
		return 0, nil
	}
	return c.validRate(text)
}

// validRate is the bound that a text names.
func (c *call) validRate(text string) (int64, error) {
	const code = "InvalidArgument"
	l := &c.e.d.Limits
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil:
		return 0, c.require("flow.number", false, code)
	case n == l.MinRate || n == l.MaxRate:
		return n, c.admit("flow.ends", code)
	case n < l.MinRate:
		return 0, c.require("flow.least", false, code)
	}
	return min(n, l.MaxRate), c.require("flow.most", n <= l.MaxRate, code)
}

// paced holds the bodies of a request and of its reply to the rate that the
// request asks for.
func (c *call) paced() error {
	rate, err := c.rate()
	if err != nil || rate == 0 {
		return err
	}
	c.body = &pacer{ctx: c.ctx, from: c.body, rate: rate / 8}
	return nil
}

// paceReply does the same with the body of the reply, and tells how long the
// request was held back.
func (c *call) paceReply() {
	c.holdBack()
	rate, err := c.rate()
	if err != nil || rate == 0 || c.failed {
		return
	}
	c.reply.Fields.Set(c.own("qos-delay-time"), strconv.FormatInt(c.e.Now().Sub(c.now).Milliseconds(), 10))
	if c.reply.Body != nil {
		c.reply.Body = &pacer{ctx: c.ctx, from: c.reply.Body, rate: rate / 8}
	}
}

// delay is the time that a body of n bytes takes where the limit Bandwidth bounds
// it: whole milliseconds, at most an hour. A length that is not known takes none.
func (c *call) delay(n int64) time.Duration {
	most := c.e.d.Limits.Bandwidth
	if most <= 0 || n <= 0 {
		return 0
	}
	return min(time.Duration(float64(n)/float64(most)*1000)*time.Millisecond, time.Hour)
}

// unhurried takes an upload that will be held back: it does not fail.
func (c *call) unhurried() error {
	if c.delay(c.in.Length) == 0 {
		return nil
	}
	return c.admit("flow.unhurried", "RequestTimeout")
}

// holdBack lets the time pass that the bodies of a request and of its reply take,
// and tells of it.
func (c *call) holdBack() {
	d := c.delay(max(c.in.Length, c.reply.Length))
	if d == 0 || c.failed {
		return
	}
	select {
	case <-c.ctx.Done():
	case <-time.After(d):
	}
	c.set("flow.delay", c.own("qos-delay-time"), strconv.FormatInt(d.Milliseconds(), 10))
}

// A pacer reads no more than rate bytes a second, in steps of a tenth.
type pacer struct {
	ctx   context.Context
	from  io.Reader
	rate  int64 // bytes a second, at least 10
	moved int64
	begun time.Time
}

func (p *pacer) Read(b []byte) (int, error) {
	if p.begun.IsZero() {
		p.begun = time.Now()
	}
	due := p.begun.Add(time.Duration(float64(p.moved) / float64(p.rate) * float64(time.Second)))
	select {
	case <-p.ctx.Done():
		return 0, p.ctx.Err()
	case <-time.After(time.Until(due)):
	}
	n, err := p.from.Read(b[:min(int64(len(b)), p.rate/10)])
	p.moved += int64(n)
	return n, err
}
