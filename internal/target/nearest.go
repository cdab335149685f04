package target

import "fmt"

// Nearest returns the word that a misspelt one is closest to, "" when none is
// close: at most about a third of its letters differ, and never more than three.
func Nearest(word string, words []string) string {
	best, least := "", min((len(word)+1)/3, 3)+1
	for _, w := range words {
		if d := distance(word, w); d < least {
			best, least = w, d
		}
	}
	return best
}

// Suggest is the end of an error message about a word that is none of words: it
// names the nearest one.
func Suggest(word string, words []string) string {
	if best := Nearest(word, words); best != "" {
		return fmt.Sprintf("; did you mean %s?", best)
	}
	return ""
}

// distance counts the letters to insert, drop, replace or swap with a neighbour
// to get from a to b.
func distance(a, b string) int {
	before, row := []int(nil), steps(len(b))
	for i := range len(a) {
		next := make([]int, len(b)+1)
		next[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			next[j+1] = min(row[j]+cost, row[j+1]+1, next[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, row = row, next
	}
	return row[len(b)]
}

func steps(n int) []int {
	row := make([]int, n+1)
	for i := range row {
		row[i] = i
	}
	return row
}
