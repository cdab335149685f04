package emulator

import "objectharness/internal/emulator/store"

// unciphered refuses a read that says how the service is to encrypt: that is for
// who writes.
func (c *call) unciphered(o *store.Object) error {
	if !c.e.t.seals || o.Extra[sealKept] != "" {
		return nil
	}
	return c.require("encryption.read-asked", !c.in.Fields.Has(c.own(cipherField)), "InvalidArgument")
}

// tellable refuses to tell attributes of an object without the key that it needs.
func (c *call) tellable(o *store.Object) error {
	if err := c.unlocked(o); err != nil && c.does("encryption.attributes-key") {
		return err
	}
	return nil
}
