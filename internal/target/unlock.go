package target

import (
	"context"
	"crypto/md5"
	"encoding/base64"
	"strings"

	"objectharness/internal/client"
	"objectharness/internal/ledger"
	"objectharness/internal/wire"
)

// unlocked removes a version that is retained under GOVERNANCE or held: the
// retention is bypassed, and a hold that the target tells of is taken off before.
// Where it tells of none none is written: a target that does not know of holds
// would take the document for the object. A retention under COMPLIANCE no case asks
// of a target that is not the harness's own.
func (o *Opened) unlocked(ctx context.Context, e ledger.Entry) (*client.Reply, error) {
	hold := client.Call{Method: "GET", Bucket: e.Bucket, Key: e.Key, Note: client.CleanUp,
		Query: append(bare("legal-hold"), wire.Param{Name: "versionId", Value: e.VersionID})}
	r, err := o.send(ctx, hold)
	if err != nil {
		return nil, err
	}
	if strings.Contains(string(r.Body), "<Status>ON</Status>") && strings.Contains(string(r.Body), "<LegalHold") {
		const free = "<LegalHold><Status>OFF</Status></LegalHold>"
		sum := md5.Sum([]byte(free))
		hold.Method, hold.Body = "PUT", []byte(free)
		hold.Fields = []wire.Field{{Name: "Content-MD5", Value: base64.StdEncoding.EncodeToString(sum[:])}}
		if _, err := o.send(ctx, hold); err != nil {
			return nil, err
		}
	}
	again := removal(e)
	again.Fields = append(again.Fields, wire.Field{Name: o.Owner.Dialect.Prefix + "bypass-governance-retention", Value: "true"})
	return o.send(ctx, again)
}
