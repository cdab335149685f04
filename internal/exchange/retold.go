package exchange

import "bytes"

// A Passage is some of what a recorder kept, for another one.
type Passage []raw

// Mark is a place in what is recorded, for Since.
func (r *Recorder) Mark() int {
	if r == nil {
		return 0
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.count
}

// Since is what was recorded from a mark on, as far as it is among the first.
func (r *Recorder) Since(mark int) Passage {
	if r == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return append(Passage(nil), r.first[min(mark, len(r.first)):]...)
}

// Precede makes a passage part of what Retold tells, before all else: what an
// earlier case made, and this one rests on.
func (r *Recorder) Precede(p Passage) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.setup = append(r.setup, p...)
}

// Retold gives tell the exchanges as they were, what Precede added first, with all
// secrets and up to 6 KiB of each body, and hides the secrets and the signatures
// in what it makes of them.
func (r *Recorder) Retold(tell func([]Exchange) string) string {
	if r == nil {
		return ""
	}
	r.mu.Lock()
	all := append([]raw(nil), r.setup...)
	r.mu.Unlock()
	all = append(all, r.kept()...)
	plain := make([]Exchange, len(all))
	for i := range all {
		plain[i] = all[i].Exchange
	}
	text := r.Redact.Text(tell(plain))
	for i := range all {
		text = r.Redact.hiding(&all[i])(text)
	}
	return text
}

// period is the number of bytes after which a body longer than what is kept of it
// repeats itself; 0 where it does not, within what is kept.
func period(body []byte) int {
	const probe = 64
	kept := BodyMax + slack
	if len(body) <= kept {
		return 0
	}
	at := bytes.Index(body[1:kept], body[:probe]) + 1
	if at == 0 || !bytes.Equal(body[at:], body[:len(body)-at]) {
		return 0
	}
	return at
}

// Substitute puts a variable of the shell in the place of a text in a command, in
// quotes and outside them.
func Substitute(command, text, variable string) string {
	if text == "" {
		return command
	}
	var out []byte
	quoted := false
	for i := 0; i < len(command); i++ {
		rest := command[i:]
		switch {
		case len(rest) >= len(text) && rest[:len(text)] == text && quoted:
			out = append(out, `'"$`+variable+`"'`...)
			i += len(text) - 1
		case len(rest) >= len(text) && rest[:len(text)] == text:
			out = append(out, `"$`+variable+`"`...)
			i += len(text) - 1
		case command[i] == '\\' && !quoted && len(rest) > 1:
			out = append(out, rest[:2]...)
			i++
		default:
			quoted = quoted != (command[i] == '\'')
			out = append(out, command[i])
		}
	}
	return string(out)
}
