package target

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"objectharness/internal/dialect"
	"objectharness/internal/dialect/all"
	"objectharness/internal/emulator"
)

// replyMax bounds a reply of the control interface, in bytes.
const replyMax = 64 << 10

func (c *Config) dialect() (*dialect.Dialect, error) { return all.ByName(c.Dialect) }

// remotePrivate has harness serve --control open a private emulator.
func (c Config) remotePrivate(ctx context.Context, s Setup) (*Opened, func(), error) {
	d, err := c.dialect()
	if err != nil {
		return nil, nil, err
	}
	owner, other := c.accounts(d.Name, s.Keys)
	k := newClock(s.Time, c.now)
	ask := emulator.Settings{Clock: k.fixed(), Limits: s.Limits, Deviate: c.Deviate}
	for _, a := range accounts(owner, other) {
		ask.Accounts = append(ask.Accounts, emulator.Credentials(a))
	}
	var made emulator.Private
	if err := c.control(ctx, "POST", "/emulators", ask, &made); err != nil {
		return nil, nil, err
	}
	path := "/emulators/" + made.ID
	o := c.local(d, made.Address, owner, other, k)
	if k.stands {
		o.Advance = func(by time.Duration) {
			k.advance(by)
			_ = c.control(ctx, "PUT", path+"/clock", emulator.Settings{Clock: k.fixed()}, nil) // a clock left behind shows in the next signature
		}
	}
	o.stop = append(o.stop, func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = c.control(ctx, "DELETE", path, nil, nil) // the server ends it with itself
	})
	return o.private(ctx)
}

// fixed is where the clock stands, nil when it runs.
func (k *clock) fixed() *time.Time {
	if !k.stands {
		return nil
	}
	at := k.now()
	return &at
}

// control sends one request to the control interface.
func (c *Config) control(ctx context.Context, method, path string, ask, answer any) error {
	ctx, cancel := context.WithTimeout(ctx, c.timeout())
	defer cancel()
	body, err := json.Marshal(ask)
	if err != nil {
		return fmt.Errorf("target: control: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(c.Control, "/")+path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("target: control: %w", err)
	}
	r.Header.Set("Authorization", "Bearer "+c.ControlToken)
	got, err := controlHTTP.Do(r)
	if err != nil {
		return fmt.Errorf("target: control: %w", err)
	}
	defer got.Body.Close()
	text, err := io.ReadAll(io.LimitReader(got.Body, replyMax))
	if err != nil {
		return fmt.Errorf("target: control: %w", err)
	}
	if got.StatusCode/100 != 2 {
		return fmt.Errorf("target: control: %s %s answered %s: %s", method, path, got.Status, strings.TrimSpace(string(text)))
	}
	if answer == nil {
		return nil
	}
	if err := json.Unmarshal(text, answer); err != nil {
		return fmt.Errorf("target: control: %s %s: expected JSON: %w", method, path, err)
	}
	return nil
}

// controlHTTP knows no proxy: the control interface is on this machine.
var controlHTTP = &http.Client{Transport: &http.Transport{}}
