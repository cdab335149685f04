// @aws-sdk/client-s3: V4, path and host.
'use strict';
const {
  S3Client, CreateBucketCommand, DeleteBucketCommand, PutObjectCommand, GetObjectCommand, HeadObjectCommand, CopyObjectCommand,
  DeleteObjectCommand, DeleteObjectsCommand, CreateMultipartUploadCommand, UploadPartCommand, UploadPartCopyCommand,
  CompleteMultipartUploadCommand, AbortMultipartUploadCommand, paginateListObjectsV2, ListPartsCommand, ListMultipartUploadsCommand,
  PutBucketOwnershipControlsCommand, DeletePublicAccessBlockCommand, PutBucketAclCommand, GetBucketAclCommand, PutObjectAclCommand,
  GetObjectAclCommand, PutBucketCorsCommand, GetBucketCorsCommand,
} = require('@aws-sdk/client-s3');
const { getSignedUrl } = require('@aws-sdk/s3-request-presigner');
const { createPresignedPost } = require('@aws-sdk/s3-presigned-post');
const { canned, escapePath } = require('./words.js');

exports.refused = (error) => ({
  status: (error.$metadata && error.$metadata.httpStatusCode) || 0,
  code: error.name === 'Unknown' || /^\d+$/.test(error.name) ? '' : error.name,
});

exports.open = (o) => {
  const settings = {
    endpoint: o.Host ? `http://s3.${o.Region}.amazonaws.com` : `http://${o.Address}`, region: o.Region, forcePathStyle: !o.Host,
    credentials: { accessKeyId: o.AccessKey, secretAccessKey: o.SecretKey }, maxAttempts: 1, requestHandler: { httpAgent: o.agent },
  };
  const client = new S3Client(settings);
  // By itself the SDK signs the checksum of an empty body into a URL, and no other body can be put there.
  const presigner = new S3Client({ ...settings, requestChecksumCalculation: 'WHEN_REQUIRED' });
  const Bucket = o.Bucket;
  const send = (Command, input) => client.send(new Command({ Bucket, ...input }));
  const described = (r) => ({ Size: r.ContentLength, Type: r.ContentType, Meta: r.Metadata, ETag: (r.ETag || '').replace(/"/g, ''), Range: r.ContentRange });
  const publicGrants = (r) => canned(r.Grants.filter((g) => g.Grantee.URI === 'http://acs.amazonaws.com/groups/global/AllUsers').map((g) => g.Permission));

  return {
    createBucket: async () => { await send(CreateBucketCommand); },
    deleteBucket: async () => { await send(DeleteBucketCommand); },
    put: async ({ key, object }) => {
      await send(PutObjectCommand, { Key: key, Body: object.Body, ContentType: object.Type || undefined, Metadata: object.Meta || undefined, ACL: object.ACL || undefined });
    },
    get: async ({ key, query }) => {
      const r = await send(GetObjectCommand, {
        Key: key, IfMatch: query.IfMatch || undefined, IfNoneMatch: query.IfNoneMatch || undefined,
        Range: query.To ? `bytes=${query.From}-${query.To}` : undefined,
      });
      return { ...described(r), Body: Buffer.from(await r.Body.transformToByteArray()) };
    },
    head: async ({ key }) => described(await send(HeadObjectCommand, { Key: key })),
    copy: async ({ from, key }) => { await send(CopyObjectCommand, { Key: key, CopySource: `${Bucket}/${escapePath(from)}` }); },
    list: async ({ Prefix, Delimiter, size }) => {
      const all = { Keys: [], Prefixes: [] };
      for await (const page of paginateListObjectsV2({ client, pageSize: size }, { Bucket, Prefix, Delimiter: Delimiter || undefined })) {
        all.Keys.push(...(page.Contents || []).map((one) => one.Key));
        all.Prefixes.push(...(page.CommonPrefixes || []).map((one) => one.Prefix));
      }
      return all;
    },
    delete: async ({ key }) => { await send(DeleteObjectCommand, { Key: key }); },
    deleteAll: async ({ Keys }) => {
      const r = await send(DeleteObjectsCommand, { Delete: { Objects: Keys.map((Key) => ({ Key })) } });
      if (r.Deleted.length !== Keys.length) throw new Error(`deleted ${r.Deleted.length} of ${Keys.length}`);
    },
    presign: ({ Method, key, Seconds }) => {
      const Command = Method === 'PUT' ? PutObjectCommand : GetObjectCommand;
      return getSignedUrl(presigner, new Command({ Bucket, Key: key }), { expiresIn: Seconds });
    },
    begin: async ({ key }) => (await send(CreateMultipartUploadCommand, { Key: key })).UploadId,
    part: async ({ key, upload, number, body }) => (await send(UploadPartCommand, { Key: key, UploadId: upload, PartNumber: number, Body: body })).ETag,
    partFrom: async ({ key, upload, number, from, at, last }) => {
      const r = await send(UploadPartCopyCommand, {
        Key: key, UploadId: upload, PartNumber: number, CopySource: `${Bucket}/${escapePath(from)}`, CopySourceRange: `bytes=${at}-${last}`,
      });
      return r.CopyPartResult.ETag;
    },
    // The SDK's own paginator does not end: it goes on while there is a next
    // marker, and S3 answers one, 0, behind the last part.
    parts: async ({ key, upload, size }) => {
      const all = [];
      for (let page = {}; ;) {
        page = await send(ListPartsCommand, { Key: key, UploadId: upload, MaxParts: size, PartNumberMarker: page.NextPartNumberMarker });
        all.push(...(page.Parts || []).map((p) => ({ Number: p.PartNumber, ETag: p.ETag, Size: p.Size })));
        if (!page.IsTruncated) return all;
      }
    },
    complete: async ({ key, upload, parts }) => {
      await send(CompleteMultipartUploadCommand, {
        Key: key, UploadId: upload, MultipartUpload: { Parts: parts.map((p) => ({ PartNumber: p.Number, ETag: p.ETag })) },
      });
    },
    abort: async ({ key, upload }) => { await send(AbortMultipartUploadCommand, { Key: key, UploadId: upload }); },
    uploads: async ({ Prefix, size }) => {
      const keys = [];
      for (let page = {}; ;) {
        page = await send(ListMultipartUploadsCommand, { Prefix, MaxUploads: size, KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker });
        keys.push(...(page.Uploads || []).map((u) => u.Key));
        if (!page.IsTruncated) return keys;
      }
    },
    allowACLs: async () => {
      await send(PutBucketOwnershipControlsCommand, { OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] } });
      await send(DeletePublicAccessBlockCommand);
    },
    setACL: async ({ ACL }) => { await send(PutBucketAclCommand, { ACL }); },
    acl: async () => publicGrants(await send(GetBucketAclCommand)),
    setObjectACL: async ({ key, ACL }) => { await send(PutObjectAclCommand, { Key: key, ACL }); },
    objectACL: async ({ key }) => publicGrants(await send(GetObjectAclCommand, { Key: key })),
    setCORS: async ({ Rule }) => {
      await send(PutBucketCorsCommand, {
        CORSConfiguration: { CORSRules: [{ AllowedOrigins: Rule.Origins, AllowedMethods: Rule.Methods, AllowedHeaders: Rule.Headers, ExposeHeaders: Rule.Exposed, MaxAgeSeconds: Rule.MaxAge }] },
      });
    },
    cors: async () => (await send(GetBucketCorsCommand)).CORSRules.map((r) => ({
      Origins: r.AllowedOrigins, Methods: r.AllowedMethods, Headers: r.AllowedHeaders, Exposed: r.ExposeHeaders, MaxAge: r.MaxAgeSeconds,
    })),
    post: async ({ key }) => {
      const form = await createPresignedPost(client, { Bucket, Key: key, Expires: 600 });
      return { URL: form.url, Fields: form.fields };
    },
  };
};
