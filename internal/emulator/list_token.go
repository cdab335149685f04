package emulator

import (
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
)

// A token of a listing holds the entry that the page ended with behind a sum of
// it, so that one that nobody issued is known. Clients must not look inside.

// token makes the token that continues behind an entry.
func token(after string) string {
	sum := binary.BigEndian.AppendUint32(nil, tokenSum(after))
	return base64.URLEncoding.EncodeToString(append(sum, after...))
}

// afterToken is the entry that a token continues behind.
func afterToken(text string) (after string, ok bool) {
	raw, err := base64.URLEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) < 4 {
		return "", false
	}
	after = string(raw[4:])
	return after, binary.BigEndian.Uint32(raw) == tokenSum(after)
}

func tokenSum(after string) uint32 { return crc32.ChecksumIEEE([]byte("continue behind " + after)) }
