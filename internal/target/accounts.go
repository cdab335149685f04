package target

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"time"

	"objectharness/internal/client"
)

// AccountNames say where the credentials of both accounts are to be found.
type AccountNames struct {
	Owner AccountName `yaml:"owner"` // the account that owns the buckets
	Other AccountName `yaml:"other"` // a second one
}

// An AccountName is an account by the environment variables that hold its
// credentials. The credentials themselves never stand in a file.
type AccountName struct {
	AccessKey string `yaml:"access_key_env"`     // "" is HARNESS_ACCESS_KEY, or HARNESS_OTHER_ACCESS_KEY
	SecretKey string `yaml:"secret_key_env"`     // "" is HARNESS_SECRET_KEY, or HARNESS_OTHER_SECRET_KEY
	Token     string `yaml:"security_token_env"` // "" is HARNESS_SECURITY_TOKEN, and none for the other account
	ID        string `yaml:"id"`                 // the canonical id; "" where the target is to be asked
}

// owner are the names of the first account's variables.
func (n AccountNames) owner() AccountName {
	return n.Owner.or(AccountName{AccessKey: EnvAccessKey, SecretKey: EnvSecretKey, Token: EnvToken})
}

// other are the names of the second account's variables.
func (n AccountNames) other() AccountName {
	return n.Other.or(AccountName{AccessKey: EnvOtherAccessKey, SecretKey: EnvOtherSecretKey})
}

func (a AccountName) or(usual AccountName) AccountName {
	set := func(name *string, usual string) {
		if *name == "" {
			*name = usual
		}
	}
	set(&a.AccessKey, usual.AccessKey)
	set(&a.SecretKey, usual.SecretKey)
	set(&a.Token, usual.Token)
	return a
}

func (a AccountName) keys(lookup func(string) string) client.Keys {
	k := client.Keys{AccessKey: lookup(a.AccessKey), SecretKey: lookup(a.SecretKey)}
	if a.Token != "" {
		k.Token = lookup(a.Token)
	}
	return k
}

// variable is the form of an environment variable's name. A credential that was
// written in its place is hardly ever one.
var variable = regexp.MustCompile(`^[A-Z_][A-Z0-9_]{0,63}$`)

// check refuses what is no name of a variable, without repeating it: it may be a
// credential.
func (a AccountName) check(account string) error {
	for _, f := range [][2]string{{"access_key_env", a.AccessKey}, {"secret_key_env", a.SecretKey}, {"security_token_env", a.Token}} {
		if f[1] != "" && !variable.MatchString(f[1]) {
			return &fieldError{account + "." + f[0], errors.New("expected the name of an environment variable in capital letters, digits and _, got something else (which is not shown here)")}
		}
	}
	return nil
}

// A Window is how long a read may take to show what was written before it.
type Window time.Duration

// WindowMax bounds a window.
const WindowMax = 10 * time.Minute

// UnmarshalText reads a duration such as 500ms or 5s.
func (w *Window) UnmarshalText(text []byte) error {
	d, err := time.ParseDuration(string(text))
	if err != nil || d < 0 || d > WindowMax {
		return fmt.Errorf("expected %s, got %q", w.Type(), text)
	}
	*w = Window(d)
	return nil
}

// Type says in messages what is expected.
func (w *Window) Type() string { return "a duration such as 500ms or 5s, at most 10m" }

// Windows are the times that a target is granted until a read shows what was
// written before it. Zero is none: the first look counts.
type Windows struct {
	Object Window `yaml:"object"` // reading an object, its head or its settings
	List   Window `yaml:"list"`   // listing a bucket's objects, versions or uploads
	Config Window `yaml:"config"` // reading a bucket's settings
}

// ByKind are the windows by the kind of read; those of no length are left out.
func (w Windows) ByKind() map[string]time.Duration {
	out := map[string]time.Duration{}
	for kind, d := range map[string]Window{"object": w.Object, "list": w.List, "config": w.Config} {
		if d > 0 {
			out[kind] = time.Duration(d)
		}
	}
	return out
}

// wait is the system's clock.
func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// A fieldError is about one field of a target file.
type fieldError struct {
	field string
	err   error
}

func (e *fieldError) Error() string { return e.field + ": " + e.err.Error() }

func (e *fieldError) Unwrap() error { return e.err }
