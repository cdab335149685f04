package store

// JoinCRC64 is the CRC-64/ECMA of a run of bytes of which the sums of its two
// parts and the length of the second are known: a polynomial shift of the first
// by squaring, in time that grows with the logarithm of length.
func JoinCRC64(first, second uint64, length int64) uint64 {
	if length <= 0 {
		return first
	}
	var step [64]uint64
	step[0] = ecmaPoly // one zero bit
	for i := 1; i < 64; i++ {
		step[i] = 1 << (i - 1)
	}
	m := square(square(square(&step))) // one zero byte
	for ; length > 0; length >>= 1 {
		if length&1 == 1 {
			first = times(m, first)
		}
		m = square(m)
	}
	return first ^ second
}

const ecmaPoly = 0xC96C5795D7870F42

func times(m *[64]uint64, v uint64) (sum uint64) {
	for i := 0; v != 0; i, v = i+1, v>>1 {
		if v&1 == 1 {
			sum ^= m[i]
		}
	}
	return sum
}

func square(m *[64]uint64) *[64]uint64 {
	var out [64]uint64
	for i := range m {
		out[i] = times(m, m[i])
	}
	return &out
}
