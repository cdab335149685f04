package target

import (
	"context"
	"crypto/md5"
	"encoding/base64"

	"objectharness/internal/client"
	"objectharness/internal/ledger"
	"objectharness/internal/wire"
)

// unlocked removes a version that is retained under GOVERNANCE or held: the hold
// is taken off, and the retention bypassed. A retention under COMPLIANCE no case
// asks of a target that is not the harness's own.
func (o *Opened) unlocked(ctx context.Context, e ledger.Entry) (*client.Reply, error) {
	const free = "<LegalHold><Status>OFF</Status></LegalHold>"
	sum := md5.Sum([]byte(free))
	hold := client.Call{Method: "PUT", Bucket: e.Bucket, Key: e.Key, Body: []byte(free), Note: client.CleanUp,
		Query:  append(bare("legal-hold"), wire.Param{Name: "versionId", Value: e.VersionID}),
		Fields: []wire.Field{{Name: "Content-MD5", Value: base64.StdEncoding.EncodeToString(sum[:])}}}
	if _, err := o.send(ctx, hold); err != nil {
		return nil, err
	}
	again := removal(e)
	again.Fields = append(again.Fields, wire.Field{Name: o.Owner.Dialect.Prefix + "bypass-governance-retention", Value: "true"})
	return o.send(ctx, again)
}
