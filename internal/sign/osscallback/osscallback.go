// Package osscallback is the signature that OSS puts on the requests with which
// it calls back after an upload: RSA with MD5 (PKCS #1 v1.5) over path, query
// and body. The receiver knows the service by the address of the public key.
package osscallback

import (
	"bytes"
	"crypto"
	"crypto/md5"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"

	"objectharness/internal/sign"
	"objectharness/internal/wire"
)

// Header fields of a signed callback.
const (
	AuthField   = "Authorization"
	KeyURLField = "x-oss-pub-key-url"
)

// Steps under the names of the OSS document.
const (
	StepKeyURL = "public key URL"
	StepText   = "string to sign"
	StepHash   = "MD5"
)

// ForeignKeyURL refuses a public key that is not at the service's own address:
// anybody can sign with a key of his own.
const ForeignKeyURL sign.Reason = "foreign-key-url"

// KeyHosts are the beginnings of the addresses that the document lets a receiver
// take a key from, each with its slash.
var KeyHosts = []string{"http://gosspublic.alicdn.com/", "https://gosspublic.alicdn.com/"}

// Bounds of a public key, in bits: the service's own has 512, which crypto/rsa
// refuses to look at.
const (
	minBits = 512
	maxBits = 8192
)

// A Check is what a receiver needs besides the request.
type Check struct {
	// Key returns the public key at an address that was found to be the service's.
	Key func(url string) (*rsa.PublicKey, error)
	// Hosts replace KeyHosts, where keys are served elsewhere.
	Hosts []string
	// Holds, when set, may overrule the outcome of every single check, as that of sign.Check does.
	Holds func(r sign.Reason, ok bool) bool
}

// Text is the string that is signed: the path with its escapes decoded, the
// query as it stands with its question mark, one line feed, the body.
func Text(target string, body []byte) []byte {
	path, query, some := strings.Cut(target, "?")
	path, _ = wire.Unescape(path)
	text := append(make([]byte, 0, len(target)+len(body)+1), path...)
	if some {
		text = append(append(text, '?'), query...)
	}
	return append(append(text, '\n'), body...)
}

// Sign returns the Authorization value of a callback to target. The errors are
// those of crypto/rsa, which takes no key of less than 1024 bits.
func Sign(target string, body []byte, key *rsa.PrivateKey, steps *sign.Steps) (string, error) {
	sum := Digest(target, body, steps)
	sig, err := rsa.SignPKCS1v15(nil, key, crypto.MD5, sum[:])
	if err != nil {
		return "", fmt.Errorf("osscallback: sign: %w", err)
	}
	text := base64.StdEncoding.EncodeToString(sig)
	steps.AddText(sign.StepSignature, text)
	return text, nil
}

// KeyURL is the value of KeyURLField for an address.
func KeyURL(address string) string { return base64.StdEncoding.EncodeToString([]byte(address)) }

// Digest is the MD5 of Text, which is what RSA signs; both are recorded.
func Digest(target string, body []byte, steps *sign.Steps) [md5.Size]byte {
	text := Text(target, body)
	steps.Add(StepText, text)
	sum := md5.Sum(text)
	steps.AddText(StepHash, hex.EncodeToString(sum[:]))
	return sum
}

// Verify checks a callback with the given body. Its errors are *sign.Refusal.
func Verify(r *wire.Request, body []byte, ck *Check, steps *sign.Steps) error {
	t := &sign.Trial{Check: &sign.Check{Holds: ck.Holds}}
	t.Must(sign.Anonymous, r.Fields.Has(AuthField), AuthField, "", "a signature")
	t.Once(r, AuthField, KeyURLField)
	given := r.Fields.Get(AuthField)
	sig, err := base64.StdEncoding.DecodeString(given)
	t.Must(sign.Malformed, err == nil, AuthField, given, "a signature in base64")
	key := publicKey(t, r.Fields.Get(KeyURLField), ck, steps)
	if t.No != nil {
		return t.No
	}
	sum := Digest(r.Target, body, steps)
	if !t.Must(sign.Mismatch, matches(key, sum[:], sig), AuthField, given, "") {
		t.No.Signature, t.No.StringToSign = given, string(Text(r.Target, body))
		return t.No
	}
	return nil
}

// publicKey is the key that a callback names by its address, in base64.
func publicKey(t *sign.Trial, text string, ck *Check, steps *sign.Steps) *rsa.PublicKey {
	t.Must(sign.MissingField, text != "", KeyURLField, "", "the address of the public key")
	address, err := base64.StdEncoding.DecodeString(text)
	t.Must(sign.Malformed, err == nil, KeyURLField, text, "an address in base64")
	steps.Add(StepKeyURL, address)
	t.Must(ForeignKeyURL, ours(string(address), ck.Hosts), KeyURLField, string(address), strings.Join(KeyHosts, " or "))
	if t.No != nil {
		return nil
	}
	key, err := ck.Key(string(address))
	got := ""
	if err != nil {
		got = err.Error()
	}
	t.Must(sign.UnknownKey, err == nil && usable(key) == nil, KeyURLField, got, "an RSA public key")
	return key
}

func ours(address string, hosts []string) bool {
	if hosts == nil {
		hosts = KeyHosts
	}
	for _, h := range hosts {
		if strings.HasPrefix(address, h) {
			return true
		}
	}
	return false
}

// infoMD5 is the DER head of an MD5 digest (RFC 8017, 9.2).
var infoMD5 = []byte{0x30, 0x20, 0x30, 0x0c, 0x06, 0x08, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x05, 0x05, 0x00, 0x04, 0x10}

// matches tells whether sig signs the digest (RSASSA-PKCS1-v1_5 of RFC 8017,
// 8.2.2: the block is built and compared, not taken apart). Nothing in it is
// secret.
func matches(key *rsa.PublicKey, sum, sig []byte) bool {
	if usable(key) != nil || len(sig) != key.Size() {
		return false
	}
	n := new(big.Int).SetBytes(sig)
	if n.Cmp(key.N) >= 0 {
		return false
	}
	block := n.Exp(n, big.NewInt(int64(key.E)), key.N).FillBytes(make([]byte, key.Size()))
	want := append([]byte{0, 1}, bytes.Repeat([]byte{0xff}, key.Size()-3-len(infoMD5)-len(sum))...)
	want = append(append(append(want, 0), infoMD5...), sum...)
	return bytes.Equal(block, want)
}

func usable(key *rsa.PublicKey) error {
	if key == nil || key.N == nil {
		return fmt.Errorf("osscallback: no key")
	}
	if bits := key.N.BitLen(); bits < minBits || bits > maxBits {
		return fmt.Errorf("osscallback: expected a key of %d to %d bits, got %d", minBits, maxBits, bits)
	}
	if key.E < 3 || key.E%2 == 0 {
		return fmt.Errorf("osscallback: expected an odd exponent of at least 3, got %d", key.E)
	}
	return nil
}

// ParseKey reads a public key: PEM, or the DER inside it in base64.
func ParseKey(text []byte) (*rsa.PublicKey, error) {
	var der []byte
	if block, _ := pem.Decode(text); block != nil {
		der = block.Bytes
	} else {
		var err error
		if der, err = base64.StdEncoding.DecodeString(string(bytes.TrimSpace(text))); err != nil {
			return nil, fmt.Errorf("osscallback: expected a public key in PEM or base64: %w", err)
		}
	}
	parsed, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return nil, fmt.Errorf("osscallback: public key: %w", err)
	}
	key, ok := parsed.(*rsa.PublicKey)
	if !ok {
		return nil, fmt.Errorf("osscallback: expected an RSA public key, got %T", parsed)
	}
	return key, usable(key)
}
