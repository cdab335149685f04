package load

import (
	"encoding/binary"
	"errors"
	"hash/crc64"
	"io"
	"math/bits"
)

// A content is the body of an object: bytes that follow from the seed, the
// number of the key and their place, so that no two bodies are alike and any can
// be had again without being kept.
type content struct {
	base uint64
	size int64
	at   int64
}

// contentOf is the body of the n-th key.
func contentOf(seed, n uint64, size int64) content {
	return content{base: mix64(seed ^ mix64(n+0x9e37)), size: size}
}

// Read implements io.Reader.
func (c *content) Read(p []byte) (int, error) {
	if c.at >= c.size {
		return 0, io.EOF
	}
	p = p[:min(int64(len(p)), c.size-c.at)]
	c.fill(p)
	c.at += int64(len(p))
	return len(p), nil
}

// Len is how many bytes are still to be read.
func (c *content) Len() int { return int(max(0, c.size-c.at)) }

// fill writes the bytes from c.at on.
func (c *content) fill(p []byte) {
	word, skip := uint64(c.at)/8, int(c.at%8)
	var buf [8]byte
	if skip > 0 {
		binary.LittleEndian.PutUint64(buf[:], c.word(word))
		p = p[copy(p, buf[skip:]):]
		word++
	}
	at, by := c.base+word*stride, c.factor()
	for ; len(p) >= 16; p = p[16:] { // two at once: the bound is checked once
		two := p[:16]
		binary.LittleEndian.PutUint64(two, mixed(at, by))
		at += stride
		binary.LittleEndian.PutUint64(two[8:], mixed(at, by))
		at += stride
		word += 2
	}
	for ; len(p) >= 8; p = p[8:] {
		binary.LittleEndian.PutUint64(p, c.word(word))
		word++
	}
	if len(p) > 0 {
		binary.LittleEndian.PutUint64(buf[:], c.word(word))
		copy(p, buf[:])
	}
}

// word is the n-th eight bytes of the body.
func (c *content) word(n uint64) uint64 { return mixed(c.base+n*stride, c.factor()) }

func (c *content) factor() uint64 { return 0xbf58476d1ce4e5b9 ^ c.base }

// stride lies between the states of two words that follow each other.
const stride = 0x9e3779b97f4a7c15

// mixed makes eight bytes of a state: one multiplication, as the generator pays
// for every byte that it sends.
func mixed(state, by uint64) uint64 {
	high, low := bits.Mul64(state|1, by)
	return high ^ low
}

// Seek implements io.Seeker, so that a request can be sent again.
func (c *content) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += c.at
	case io.SeekEnd:
		offset += c.size
	}
	if offset < 0 {
		return c.at, errors.New("load: seek before the beginning of a body")
	}
	c.at = offset
	return offset, nil
}

var crcTable = crc64.MakeTable(crc64.ECMA)

// crc64 is the CRC-64/ECMA of the whole body, whatever has been read of it.
func (c *content) crc64() (sum uint64) {
	var buf [4 << 10]byte
	whole := content{base: c.base, size: c.size}
	for {
		n, err := whole.Read(buf[:])
		if err != nil {
			return sum
		}
		sum = crc64.Update(sum, crcTable, buf[:n])
	}
}
