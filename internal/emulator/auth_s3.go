package emulator

import "objectharness/internal/sign"

// s3Shown are the elements of S3's refusals.
var s3Shown = map[sign.Reason][]string{
	sign.Mismatch:      {"AWSAccessKeyId", "StringToSign", "SignatureProvided", "StringToSignBytes", "CanonicalRequest", "CanonicalRequestBytes"},
	sign.UnsignedField: {"HeadersNotSigned=lower field"},
	sign.Skewed:        {"RequestTime=date as sent", "ServerTime=second", "MaxAllowedSkewMilliseconds"},
	sign.WrongRegion:   {"Region"},
	sign.Both:          {"ArgumentName=field", "ArgumentValue=authorization"},
	sign.UnknownScheme: {"ArgumentName=field", "ArgumentValue=authorization"},
	sign.BadHash:       {"ArgumentName=lower field", "ArgumentValue=got"},
	sign.BadPayload:    {"ClientComputedContentSHA256=got", "S3ComputedContentSHA256=want"},
	sign.Expired:       {"X-Amz-Expires=validity", "Expires=got", "ServerTime=second"},
	sign.ChunkTooSmall: {"Chunk=field", "BadChunkSize=got"},
}

// sentDate is the date of the request as it came.
func (c *call) sentDate(*sign.Refusal) string {
	if date := c.field(c.own("date")); date != "" {
		return date
	}
	return c.field("Date")
}

// sentValidity is the validity of a URL as it came.
func (c *call) sentValidity(*sign.Refusal) string {
	text, _ := c.param("X-Amz-Expires")
	return text
}
