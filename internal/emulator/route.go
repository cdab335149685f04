package emulator

import (
	"strings"

	"objectharness/internal/dialect"
)

// handlers are the operations by their name across dialects (that of the S3
// reference where S3 has it).
var handlers = map[string]func(*call) error{
	"ListBuckets":   (*call).listBuckets,
	"CreateBucket":  (*call).putBucket,
	"DeleteBucket":  (*call).deleteBucket,
	"HeadBucket":    (*call).headBucket,
	"ListObjects":   (*call).listObjects,
	"ListObjectsV2": (*call).listObjectsV2,
	"CopyObject":    (*call).copyObject,
	"PutObject":     guarded((*call).putObject),
	"GetObject":     (*call).getObject,
	"HeadObject":    (*call).headObject,
	"DeleteObject":  (*call).deleteObject,
	"DeleteObjects": (*call).deleteObjects,
	"AppendObject":  (*call).appendObject,
	"GetObjectMeta": (*call).objectMeta,
	"PostObject":    (*call).postObject,

	"GetObjectTagging":    (*call).objectTags,
	"PutObjectTagging":    (*call).putObjectTags,
	"DeleteObjectTagging": (*call).deleteObjectTags,

	"ListBucketInventory":    (*call).listInventories,
	"SelectObjectContent":    (*call).selectContent,
	"CreateSelectObjectMeta": (*call).selectMeta,

	"GetObjectRetention": (*call).getRetention,
	"PutObjectRetention": (*call).putRetention,
	"GetObjectLegalHold": (*call).getHold,
	"PutObjectLegalHold": (*call).putHold,

	"PutStyle":         (*call).putStyle,
	"GetStyle":         (*call).getStyle,
	"ListStyle":        (*call).listStyles,
	"DeleteStyle":      (*call).deleteStyle,
	"CreateCnameToken": (*call).createCnameToken,
	"GetCnameToken":    (*call).getCnameToken,
	"PutCname":         (*call).putCname,
	"ListCname":        (*call).listCnames,
	"DeleteCname":      (*call).deleteCname,

	"OpenMetaQuery":      (*call).openMetaQuery,
	"GetMetaQueryStatus": (*call).metaQueryStatus,
	"DoMetaQuery":        (*call).doMetaQuery,
	"DoMetaQueryAction":  (*call).metaQueryAction,
	"CloseMetaQuery":     (*call).closeMetaQuery,

	"GetBucketStat":         (*call).bucketStat,
	"GetBucketPolicyStatus": (*call).policyStatus,
	"DescribeRegions":       (*call).describeRegions,

	"GetAccountPublicAccessBlock":    (*call).getAccountBlock,
	"PutAccountPublicAccessBlock":    (*call).putAccountBlock,
	"DeleteAccountPublicAccessBlock": (*call).deleteAccountBlock,

	"CreateBucketDataRedundancyTransition": (*call).createTransition,
	"GetBucketDataRedundancyTransition":    (*call).getTransition,
	"DeleteBucketDataRedundancyTransition": (*call).deleteTransition,
	"ListBucketDataRedundancyTransition":   (*call).listTransitions,
	"ListUserDataRedundancyTransition":     (*call).listTransitions,

	"CreateBucketMetadataConfiguration":               (*call).createMetaTables,
	"GetBucketMetadataConfiguration":                  (*call).getMetaTables,
	"DeleteBucketMetadataConfiguration":               (*call).deleteMetaTables,
	"UpdateBucketMetadataInventoryTableConfiguration": (*call).updateMetaTable,
	"UpdateBucketMetadataJournalTableConfiguration":   (*call).updateMetaTable,

	"InitiateBucketWorm": (*call).initiateWorm,
	"GetBucketWorm":      (*call).getWorm,
	"AbortBucketWorm":    (*call).abortWorm,
	"CompleteBucketWorm": (*call).completeWorm,
	"ExtendBucketWorm":   (*call).extendWorm,

	"PutLiveChannel":        (*call).putChannel,
	"GetLiveChannelInfo":    (*call).getChannel,
	"GetLiveChannelStat":    (*call).channelStat,
	"GetLiveChannelHistory": (*call).channelHistory,
	"PutLiveChannelStatus":  (*call).putChannelStatus,
	"DeleteLiveChannel":     (*call).deleteChannel,
	"ListLiveChannel":       (*call).listChannels,
	"PostVodPlaylist":       (*call).vodPlaylist,
	"GetVodPlaylist":        (*call).vodPlaylist,

	"PutSymlink":          (*call).putSymlink,
	"GetSymlink":          (*call).getSymlink,
	"RestoreObject":       (*call).restoreObject,
	"CleanRestoredObject": (*call).cleanRestored,
	"SealAppendObject":    (*call).sealObject,

	"GetBucketLocation":       (*call).getLocation,
	"GetBucketInfo":           (*call).getBucketInfo,
	"GetBucketRequestPayment": (*call).getPayer,
	"PutBucketRequestPayment": (*call).putPayer,

	"GetBucketCors":    (*call).getCORS,
	"PutBucketCors":    (*call).putCORS,
	"DeleteBucketCors": (*call).deleteCORS,
	"Preflight":        (*call).preflight,

	"GetObjectAttributes": (*call).objectAttributes,

	"GetBucketAcl":    (*call).getBucketACL,
	"PutBucketAcl":    (*call).putBucketACL,
	"GetObjectAcl":    (*call).getObjectACL,
	"PutObjectAcl":    (*call).putObjectACL,
	"DeleteObjectAcl": (*call).deleteObjectACL,

	"GetBucketOwnershipControls":    (*call).getOwnership,
	"PutBucketOwnershipControls":    (*call).putOwnership,
	"DeleteBucketOwnershipControls": (*call).deleteOwnership,
	"GetPublicAccessBlock":          (*call).getPublicBlock,
	"PutPublicAccessBlock":          (*call).putPublicBlock,
	"DeletePublicAccessBlock":       (*call).deletePublicBlock,
	"CreateMultipartUpload":         (*call).createUpload,
	"UploadPart":                    (*call).uploadPart,
	"UploadPartCopy":                (*call).uploadPartCopy,
	"CompleteMultipartUpload":       (*call).completeUpload,
	"AbortMultipartUpload":          (*call).abortUpload,
	"ListParts":                     (*call).listParts,
	"ListMultipartUploads":          (*call).listUploads,

	"GetBucketVersioning": (*call).getVersioning,
	"PutBucketVersioning": (*call).putVersioning,
	"ListObjectVersions":  (*call).listVersions,
}

// route finds the handler of the request's operation.
func (c *call) route() (func(*call) error, error) {
	h, ok := handlers[c.kind]
	if !ok {
		h = c.configHandler()
		ok = h != nil
	}
	if err := c.inChunks(); err != nil {
		return nil, err
	}
	switch {
	case ok && c.strange() && !c.does("query.x-ignored"):
		return nil, c.fault("InvalidArgument")
	case ok:
		return h, nil
	case c.kind != "":
		return nil, c.fault("NotImplemented")
	}
	return (*call).nothing, c.require("route.unknown", false, "MethodNotAllowed", c.method)
}

// nothing is done where a method that nothing has is let through.
func (c *call) nothing() error { return nil }

// strange tells whether the query holds a parameter that belongs to whoever
// sends it.
func (c *call) strange() bool {
	for _, p := range c.query {
		if strings.HasPrefix(p.Name, "x-") && !strings.HasPrefix(p.Name, c.e.d.Prefix) {
			return true
		}
	}
	return false
}

// resources names the levels as refusals of a method do.
var resources = map[dialect.Level]string{dialect.ServiceLevel: "SERVICE", dialect.BucketLevel: "BUCKET", dialect.ObjectLevel: "OBJECT"}

// method tells which method was refused, and on what.
func (c *call) method(f *fault) {
	if c.e.t.reading.method && c.does("route.members") {
		withExtra("Method", c.in.Method)(f)
		withExtra("ResourceType", resources[c.at.Level()])(f)
	}
}
