package emulator

import (
	"fmt"
	"hash/crc32"
)

// reasons are finer codes of refusals by rule, by code and operation, or by code.
type reasons map[string]string

// ossReasons are those that the suite of the vendor's SDK V2 compares, and of
// signatures those that have an error page. The documents say that nobody must
// rely on any.
var ossReasons = reasons{
	"NoSuchBucket":                            "0015-00000101",
	"NoSuchKey":                               "0026-00000001",
	"NoSuchUpload":                            "0042-00000002",
	"NoSuchUpload UploadPart":                 "0042-00000104",
	"NoSuchUpload UploadPartCopy":             "0042-00000311",
	"InvalidArgument CompleteMultipartUpload": "0042-00000216",
	"InvalidAccessKeyId":                      "0002-00000902",
	"MalformedXML":                            "0015-00000231",
	"CallbackFailed":                          "0007-00000203",
	"ArchiveRestoreNotFinished":               "0016-00000719",
	"NeedVerifyDomainOwnership":               "0018-00000115",
	"OperationNotSupported DoMetaQueryAction": "0037-00000001",
	"ResourceGroupIdPreCheckError":            "0039-00000003",
	"RequestTimeTooSkewed":                    "0002-00000504",
	"sign.oss-v4.header.bad-payload-hash":     "0002-00000214",
	"sign.oss-v4.header.missing-date":         "0002-00000503",
	"sign.oss-v4.header.unsent-field":         "0002-00000211",
	"sign.oss-v4.header.wrong-region":         "0002-00000226",
	"sign.oss-v4.header.wrong-service":        "0002-00000227",
}

// reasonOf is the finer code of a refusal: one that is known, or one of the
// documented form.
func (c *call) reasonOf(f *fault) string {
	known := c.e.t.reading.reasons
	for _, name := range []string{f.rule, f.said.Code + " " + c.kind, f.said.Code} {
		if reason, ok := known[name]; ok {
			return reason
		}
	}
	return fmt.Sprintf("%04d-%08d", f.status, crc32.ChecksumIEEE([]byte(f.said.Code))%1e8)
}
