package suites

import "objectharness/internal/client"

// postChecksums write what checksums among the fields of a form have to say.
func postChecksums(b *Book) {
	sum := func(name, value string) formChange { return formWith("x-amz-checksum-"+lower(name), value) }
	right := sum("CRC32", sumsOfDigits["CRC32"])
	b.Case("checksum/right", "keeps and answers a right checksum of the file", By{
		"s3": {Clauses: "S3-POST-38", Want: hasSum(Accepted(2), "CRC32", sumsOfDigits["CRC32"], "FULL_OBJECT"), Rests: "S3-CKS-08"},
	}, Case{
		Given: []Given{formTaken("control")},
		When:  func(s *Scene) client.Call { return s.Post(formFile(digits), right) },
		After: []After{sumThere("CRC32", sumsOfDigits["CRC32"], "FULL_OBJECT")},
	})
	b.formWrong("checksum/other", "refuses the checksum of another file", By{
		"s3": {Clauses: "S3-POST-39", Want: Refused(400, "BadDigest")},
	}, []formChange{formFile(digits)}, sum("CRC32", sumsOfOthers["CRC32"]))
	b.formWrong("checksum/form", "refuses a checksum that is none", By{
		"s3": {Clauses: "S3-POST-40", Want: Want{Status: 400, Code: "InvalidRequest", Step: 1}},
	}, []formChange{formFile(digits)}, sum("CRC32", "invalid"))
	b.formWrong("checksum/two", "refuses two checksums of one file", By{
		"s3": {Clauses: "S3-POST-40", Want: Want{Status: 400, Code: "InvalidRequest", Step: 2}},
	}, []formChange{formFile(digits)}, right, sum("CRC32C", sumsOfDigits["CRC32C"]))
	b.Case("checksum/answered", "answers the checksum that was computed where the form has none", By{
		"s3": {Clauses: "S3-POST-41", Want: hasSum(Accepted(2), "CRC64NVME", sumsOfDigits["CRC64NVME"], "FULL_OBJECT")},
	}, Case{
		Given: []Given{formTaken("control")},
		When:  func(s *Scene) client.Call { return s.Post(formFile(digits)) },
		After: []After{reads("a", digits)},
	})
}
