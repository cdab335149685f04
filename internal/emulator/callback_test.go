package emulator

import "testing"

// The emulator calls nobody back who is not on this machine.
func TestCallbacksStayOnLoopback(t *testing.T) {
	for address, allowed := range map[string]bool{
		"127.0.0.1:80": true, "127.9.9.9:1": true, "[::1]:80": true, "[::ffff:127.0.0.1]:80": true,
		"192.0.2.1:80": false, "[2001:db8::1]:443": false, "10.0.0.1:80": false, "nowhere": false,
	} {
		if err := loopbackOnly("tcp", address, nil); (err == nil) != allowed {
			t.Errorf("%s: got %v, want allowed: %v", address, err, allowed)
		}
	}
}
