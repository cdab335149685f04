package keygen_test

import (
	"fmt"

	"objectharness/keygen"
)

func ExampleParse() {
	s, err := keygen.Parse("hashed:md5:2", 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	key := s.Append.Func()
	fmt.Println(key(0))
	fmt.Println(key(1))
	fmt.Println(s.Rule)
	fmt.Println(s.Listings, "listings")
	// Output:
	// 4f-20170701/log120000.tar.gz
	// 84-20170701/log120500.tar.gz
	// day and time, 5m apart; 2 digits of MD5 in front
	// 256 listings
}

func ExampleParse_error() {
	_, err := keygen.Parse("hashed:md6", 0)
	fmt.Println(err)
	// Output: hashed:md6: expected sha1, md5, 2, 3, 4, numbered, dated, lettered or id, got "md6"
}

func ExampleHashed() {
	key := keygen.Hashed(keygen.Dated(keygen.Step), keygen.SHA1, 4).Func()
	fmt.Println(key(0))
	// Output: faf1-20170701/log120000.tar.gz
}

func ExampleEnumerated() {
	key := keygen.Enumerated(
		keygen.Group{Name: "videos", Key: keygen.Hashed(keygen.Numbered, keygen.SHA1, 2)},
		keygen.Group{Name: "people", Key: keygen.Reversed(keygen.ID)},
	)
	buf := make([]byte, 0, 100) // used again for every key
	for n := range uint64(2) {
		fmt.Println(string(key(buf, n)))
	}
	// Output:
	// videos/01-image001/indexpage1.jpg
	// people/61277761di/album/hongkong/img20170701121314.jpg
}

func ExampleReversed() {
	fmt.Println(keygen.Reversed(keygen.ID).Func()(2))
	// Output: 71277761di/video/record20170701121314.mov
}

func ExampleMeasure() {
	for _, text := range []string{"dated", "hashed"} {
		s, _ := keygen.Parse(text, 0)
		split := keygen.Split(s.Append, 0, 1000, 64) // as a store would, with a thousand keys
		next := keygen.Measure(s.Append, 1000, 1000, split)
		fmt.Printf("%s: the next keys go to %d of 64 ranges\n", text, next.Used)
	}
	// Output:
	// dated: the next keys go to 1 of 64 ranges
	// hashed: the next keys go to 64 of 64 ranges
}
