package target

import (
	"slices"
	"strconv"
	"strings"

	"objectharness/internal/client"
	"objectharness/internal/exchange"
	"objectharness/internal/retell"
	"objectharness/internal/siglab"
)

// served is where harness serve listens when it stands in for an embedded
// emulator: a port of its own for each dialect.
func served(dialect string) string {
	return "127.0.0.1:" + strconv.Itoa(9001+slices.Index([]string{"oss", "cos", "bos", "s3"}, dialect))
}

// Serve is the command that starts an emulator like the embedded one; "" for any
// other target.
func (c *Config) Serve() string {
	if !c.Embedded() {
		return ""
	}
	words := []string{"harness serve", "--dialect", c.Dialect, "--listen", served(c.Dialect), "--seed", strconv.FormatUint(c.Seed, 10)}
	for _, o := range [][2]string{{"--region", c.Region}, {"--deviate", strings.Join(c.Deviate, ",")}} {
		if o[1] != "" {
			word, _ := exchange.Quote(o[1]) // neither holds a NUL byte
			words = append(words, o[0], word)
		}
	}
	return strings.Join(words, " ")
}

// again is Opened.Again.
func (o *Opened) again(all []exchange.Exchange) string {
	c := &o.config
	p := retell.Place{URL: o.Owner.Endpoint.URL(), Connect: o.Owner.Transport.Connect, Way: siglab.Way{CA: c.CA, Insecure: c.Insecure}}
	names, others := c.Accounts.owner(), c.Accounts.other()
	if c.Embedded() { // harness serve tells its keys by the usual names
		names, others = AccountNames{}.owner(), AccountNames{}.other()
		p.At = served(c.Dialect)
	}
	p.Accounts = append(p.Accounts, lender(o.Owner.Keys, names))
	if o.Other != nil {
		p.Accounts = append(p.Accounts, lender(o.Other.Keys, others))
	}
	if c.Bucket == "" {
		body := []byte(o.Location)
		if r, _, err := o.Owner.Build(client.Call{Method: "PUT", Bucket: o.Bucket, Body: body}); err == nil {
			p.Bucket = retell.Request{Request: r, Body: body}
		}
	}
	return p.Script(all, o.Owner.Now())
}

func lender(k client.Keys, names AccountName) retell.Account {
	return retell.Account{AccessKey: k.AccessKey, SecretKey: k.SecretKey, Token: k.Token, Variables: [3]string{names.AccessKey, names.SecretKey, names.Token}}
}
