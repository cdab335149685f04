// cos-nodejs-sdk-v5: the bucket in the host name, the emulator for a proxy, to
// which it sends the whole URL. A path in its domain is not signed.
'use strict';
const COS = require('cos-nodejs-sdk-v5');
const { bare, canned, escapePath, list, named } = require('./words.js');

exports.refused = (error) => ({ status: error.statusCode || 0, code: (error.error && error.error.Code) || '' });

exports.open = (o) => {
  const cos = new COS({ SecretId: o.AccessKey, SecretKey: o.SecretKey, Protocol: 'http:', Proxy: `http://${o.Address}`, AutoSwitchHost: false });
  const host = `${o.Bucket}.cos.${o.Region}.myqcloud.com`;
  const send = (method, params) => cos[method]({ Bucket: o.Bucket, Region: o.Region, Headers: {}, ...params });
  const described = ({ headers }) => ({
    Size: Number(headers['content-length']), Type: headers['content-type'], Meta: named(headers, 'x-cos-meta-'), ETag: bare(headers.etag),
    CRC64: headers['x-cos-hash-crc64ecma'] || '', Range: headers['content-range'] || '',
  });
  const metaHeaders = (meta) => Object.fromEntries(Object.entries(meta || {}).map(([name, value]) => [`x-cos-meta-${name}`, value]));
  const everybody = (r) => canned(r.Grants.filter((g) => /anyone:anyone|AllUsers/.test(`${g.Grantee.ID} ${g.Grantee.URI}`)).map((g) => g.Permission));
  const aclOf = (r) => r.ACL || everybody(r);

  return {
    createBucket: async () => { await send('putBucket'); },
    deleteBucket: async () => { await send('deleteBucket'); },
    put: async ({ key, object }) => {
      await send('putObject', { Key: key, Body: object.Body, ContentType: object.Type || undefined, ACL: object.ACL || undefined, Headers: metaHeaders(object.Meta) });
    },
    get: async ({ key, query }) => {
      const r = await send('getObject', {
        Key: key, Range: query.To ? `bytes=${query.From}-${query.To}` : undefined,
        IfMatch: query.IfMatch || undefined, IfNoneMatch: query.IfNoneMatch || undefined,
      });
      if (r.statusCode === 304) throw Object.assign(new Error('not modified'), { statusCode: 304 });
      return { ...described(r), Body: Buffer.from(r.Body) };
    },
    head: async ({ key }) => described(await send('headObject', { Key: key })),
    append: async ({ key, body, at }) => Number((await send('appendObject', { Key: key, Body: body, Position: at })).headers['x-cos-next-append-position']),
    copy: async ({ from, key }) => { await send('putObjectCopy', { Key: key, CopySource: `${host}/${escapePath(from)}` }); },
    list: async ({ Prefix, Delimiter, size }) => {
      const all = { Keys: [], Prefixes: [] };
      for (let Marker; ;) {
        const page = await send('getBucket', { Prefix, Delimiter: Delimiter || undefined, MaxKeys: size, Marker });
        all.Keys.push(...list(page.Contents).map((one) => one.Key));
        all.Prefixes.push(...list(page.CommonPrefixes).map((one) => one.Prefix));
        if (page.IsTruncated !== 'true') return all;
        Marker = page.NextMarker;
      }
    },
    delete: async ({ key }) => { await send('deleteObject', { Key: key }); },
    deleteAll: async ({ Keys }) => {
      const r = await send('deleteMultipleObject', { Objects: Keys.map((Key) => ({ Key })) });
      if (list(r.Deleted).length !== Keys.length) throw new Error(`deleted ${list(r.Deleted).length} of ${Keys.length}`);
    },
    presign: async ({ Method, key, Seconds }) => cos.getObjectUrl({ Bucket: o.Bucket, Region: o.Region, Key: key, Method, Expires: Seconds, Sign: true, Protocol: 'http:' }, () => {}),
    begin: async ({ key }) => (await send('multipartInit', { Key: key })).UploadId,
    part: async ({ key, upload, number, body }) => (await send('multipartUpload', { Key: key, UploadId: upload, PartNumber: number, Body: body })).ETag,
    partFrom: async ({ key, upload, number, from, at, last }) => (await send('uploadPartCopy', {
      Key: key, UploadId: upload, PartNumber: number, CopySource: `${host}/${escapePath(from)}`, CopySourceRange: `bytes=${at}-${last}`,
    })).ETag,
    parts: async ({ key, upload, size }) => {
      const all = [];
      for (let PartNumberMarker; ;) {
        const page = await send('multipartListPart', { Key: key, UploadId: upload, MaxParts: size, PartNumberMarker });
        all.push(...list(page.Part).map((p) => ({ Number: Number(p.PartNumber), ETag: p.ETag, Size: Number(p.Size) })));
        if (page.IsTruncated !== 'true') return all;
        PartNumberMarker = page.NextPartNumberMarker;
      }
    },
    complete: async ({ key, upload, parts }) => { await send('multipartComplete', { Key: key, UploadId: upload, Parts: parts.map((p) => ({ PartNumber: p.Number, ETag: p.ETag })) }); },
    abort: async ({ key, upload }) => { await send('multipartAbort', { Key: key, UploadId: upload }); },
    uploads: async ({ Prefix, size }) => {
      const keys = [];
      for (let page = {}; ;) {
        page = await send('multipartList', { Prefix, MaxUploads: size, KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker });
        keys.push(...list(page.Upload).map((u) => u.Key));
        if (page.IsTruncated !== 'true') return keys;
      }
    },
    allowACLs: async () => {},
    setACL: async ({ ACL }) => { await send('putBucketAcl', { ACL }); },
    acl: async () => aclOf(await send('getBucketAcl')),
    setObjectACL: async ({ key, ACL }) => { await send('putObjectAcl', { Key: key, ACL }); },
    objectACL: async ({ key }) => aclOf(await send('getObjectAcl', { Key: key })),
    setCORS: async ({ Rule }) => {
      await send('putBucketCors', {
        CORSRules: [{ AllowedOrigin: Rule.Origins, AllowedMethod: Rule.Methods, AllowedHeader: Rule.Headers, ExposeHeader: Rule.Exposed, MaxAgeSeconds: Rule.MaxAge }],
      });
    },
    cors: async () => (await send('getBucketCors')).CORSRules.map((r) => ({
      Origins: list(r.AllowedOrigins), Methods: list(r.AllowedMethods), Headers: list(r.AllowedHeaders), Exposed: list(r.ExposeHeaders), MaxAge: Number(r.MaxAgeSeconds),
    })),
  };
};
