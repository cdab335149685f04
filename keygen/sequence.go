package keygen

import (
	"fmt"
	"math/bits"
	"strconv"
	"time"
)

// Where the document's examples begin.
const (
	firstDay    = 17348     // 2017-07-01, in days from 1970-01-01
	firstSecond = 12 * 3600 // of that day, in Dated
	firstID     = 16777216
)

// Step is the time between the document's dated keys.
const Step = 5 * time.Minute

// LettersPerDay is how many keys the document shows of each day in Lettered.
const LettersPerDay = 2

const day = 24 * time.Hour

// Numbered counts directories and pages: image001/indexpage1.jpg and on.
func Numbered(dst []byte, n uint64) []byte {
	dst = appendPadded(append(dst, "image"...), n+1, 3)
	dst = strconv.AppendUint(append(dst, "/indexpage"...), n+1, 10)
	return append(dst, ".jpg"...)
}

// Dated gives each key a directory of its day and a name of its time, a step
// after the one before: 20170701/log120000.tar.gz and on. It panics unless the
// step is whole seconds, one second to one day: names carry no fractions. Years
// past 9999 have as many digits as they need.
func Dated(step time.Duration) Append {
	if err := checkStep(step); err != nil {
		panic("keygen: Dated: " + err.Error())
	}
	seconds := uint64(step / time.Second)
	return func(dst []byte, n uint64) []byte {
		hi, lo := bits.Mul64(n, seconds) // n has 64 bits, so the product may have 81
		lo, carry := bits.Add64(lo, firstSecond, 0)
		days, second := bits.Div64(hi+carry, lo, uint64(day/time.Second))
		year, month, date := civil(firstDay + days)
		dst = appendPadded(dst, year, 4)
		dst = appendPadded(dst, month*100+date, 4)
		dst = append(dst, "/log"...)
		dst = appendPadded(dst, second/3600*10000+second/60%60*100+second%60, 6)
		return append(dst, ".tar.gz"...)
	}
}

func checkStep(step time.Duration) error {
	if step < time.Second || step > day || step%time.Second != 0 {
		return fmt.Errorf("expected a step of whole seconds, 1s to 24h, got %v", step)
	}
	return nil
}

// Lettered gives each key a directory of its day and a name of its day and a
// letter: 20170701/log0701A.tar.gz and on, perDay letters a day. It panics unless
// perDay is 1 to 26.
func Lettered(perDay int) Append {
	if perDay < 1 || perDay > 26 {
		panic(fmt.Sprintf("keygen: Lettered: expected 1 to 26 letters a day, got %d", perDay))
	}
	letters := uint64(perDay)
	return func(dst []byte, n uint64) []byte {
		year, month, date := civil(firstDay + n/letters)
		dst = appendPadded(dst, year, 4)
		dst = appendPadded(dst, month*100+date, 4)
		dst = append(dst, "/log"...)
		dst = appendPadded(dst, month*100+date, 4)
		dst = append(dst, 'A'+byte(n%letters))
		return append(dst, ".tar.gz"...)
	}
}

// idShapes are the four kinds of path behind an id, and the ids that a round of
// them takes.
var idShapes = [...]struct {
	later uint64 // ids after the round's first
	path  string
}{
	{0, "/album/hongkong/img20170701121314.jpg"},
	{0, "/music/artist/tony/anythinggoes.mp3"},
	{1, "/video/record20170701121314.mov"},
	{2, "/live/show/date/20170701121314.mp4"},
}

const idsPerRound = 3

// ID gives each key a directory of an increasing number:
// id16777216/album/hongkong/img20170701121314.jpg and on. Four keys, shaped as in
// the document, take three numbers.
func ID(dst []byte, n uint64) []byte {
	round, shape := n/uint64(len(idShapes)), &idShapes[n%uint64(len(idShapes))]
	dst = strconv.AppendUint(append(dst, "id"...), firstID+round*idsPerRound+shape.later, 10)
	return append(dst, shape.path...)
}

// appendPadded writes a number with at least width digits, six at most.
func appendPadded(dst []byte, v uint64, width int) []byte {
	digits := 1
	for rest := v / 10; rest > 0 && digits < width; rest /= 10 {
		digits++
	}
	dst = append(dst, "000000"[:width-digits]...)
	return strconv.AppendUint(dst, v, 10)
}

// Days of the Gregorian calendar, which repeats after 400 years.
const (
	dayOf1970   = 719468 // in days from 0000-03-01
	daysPer400  = 146097
	daysPer100  = 36524
	daysPerFour = 1461
)

// civil is the date of a day counted from 1970-01-01. Package time would do for
// the first years only. Years are counted from March here, so that the leap day
// is their last.
func civil(days uint64) (year, month, date uint64) {
	days += dayOf1970
	age := days % daysPer400
	years := (age - age/(daysPerFour-1) + age/daysPer100 - age/(daysPer400-1)) / 365
	left := age - (365*years + years/4 - years/100)
	month = (5*left + 2) / 153 // months of 31 and 30 days: 153 days are five of them
	date = left - (153*month+2)/5 + 1
	year = years + days/daysPer400*400
	if month >= 10 {
		return year + 1, month - 9, date
	}
	return year, month + 3, date
}
