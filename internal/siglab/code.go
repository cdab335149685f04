package siglab

import (
	"fmt"
	"strings"

	"objectharness/internal/dialect"
	"objectharness/internal/sign"
)

// because is the cause of a reason that servers name without a text.
var because = map[sign.Reason]Cause{
	sign.Skewed: Clock, sign.Expired: Clock, sign.NotYetValid: Clock, sign.WrongRegion: WrongRegion, sign.WrongScope: WrongScope,
	sign.WrongService: WrongScope, sign.UnsignedField: HeaderUnsigned, sign.UnsentField: HeaderUnsigned, sign.BadPayload: PayloadHash, sign.BadHash: PayloadHash,
	sign.NoPayload: PayloadHash, sign.UnknownKey: UnknownKey, sign.BadToken: WrongToken, sign.TokenEnded: WrongToken,
	sign.MissingDate: DateHeader, sign.BadDate: DateHeader, sign.Malformed: Unreadable, sign.MissingField: Unreadable,
	sign.Anonymous: Unreadable, sign.Repeated: Unreadable, sign.UnknownScheme: Unreadable,
}

// order in which reasons are believed that a dialect answers alike.
var order = []sign.Reason{
	sign.Skewed, sign.Expired, sign.NotYetValid, sign.WrongRegion, sign.WrongService, sign.WrongScope, sign.BadPayload, sign.NoPayload, sign.BadHash,
	sign.UnknownKey, sign.BadToken, sign.TokenEnded, sign.MissingDate, sign.BadDate, sign.Malformed, sign.MissingField, sign.UnknownScheme,
	sign.Repeated, sign.Anonymous, sign.UnsignedField, sign.UnsentField,
}

// mismatched tells that the server's code is the one for a wrong signature, or
// that it is not known.
func (s *Signed) mismatched() bool {
	code := s.answers()[sign.Mismatch].Code
	return s.Complaint.Code == "" || s.Complaint.Code == code || s.Complaint.StringToSign != ""
}

func (s *Signed) answers() map[sign.Reason]dialect.Refused {
	return s.dialect.Refusals[dialect.Form{Scheme: s.Scheme, Presigned: s.Input.Presign}]
}

// byCode guesses by the code of the refusal, and by the members that only some
// refusals have.
func (s *Signed) byCode(found *Finding) {
	c := s.Complaint
	switch {
	case c.Code == "" || s.mismatched():
		return
	case c.Unsigned != "":
		found.guess(HeaderUnsigned, "the server asks for "+c.Unsigned+" to be signed", true)
	case c.Region != "":
		found.guess(WrongRegion, "the server expects "+c.Region, true)
	case c.RequestTime != "" && c.Now != "":
		found.guess(Clock, fmt.Sprintf("the request says %s, the server's clock %s", c.RequestTime, c.Now), true)
	}
	answers := s.answers()
	for _, exact := range []bool{true, false} {
		for _, reason := range order {
			if a, ok := answers[reason]; ok && a.Code == c.Code && (!exact || s.says(a)) {
				found.guess(because[reason], fmt.Sprintf("%s: %s", c.Code, c.Message), false)
			}
		}
	}
}

// says tells that the message of the refusal is the one of an answer.
func (s *Signed) says(a dialect.Refused) bool {
	want := a.Message
	if want == "" {
		want = s.dialect.Codes[a.Code].Message
	}
	return want != "" && strings.EqualFold(strings.TrimRight(want, "."), strings.TrimRight(s.Complaint.Message, "."))
}
