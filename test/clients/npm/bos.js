// @baiducloud/sdk: path style with an address, the bucket in the host name with
// the public name, for which the emulator is a proxy.
'use strict';
const { BosClient } = require('@baiducloud/sdk');
const { bare, canned, list, named } = require('./words.js');

exports.refused = (error) => ({ status: error.status_code || 0, code: error.code || '' });

exports.open = (o) => {
  const at = o.Address.lastIndexOf(':');
  const bos = new BosClient({
    endpoint: o.Host ? `http://${o.Region}.bcebos.com` : `http://${o.Address}`, credentials: { ak: o.AccessKey, sk: o.SecretKey }, removeVersionPrefix: true,
    proxy: o.Host ? { host: o.Address.slice(0, at), port: Number(o.Address.slice(at + 1)) } : undefined,
  });
  const b = o.Bucket;
  const described = ({ http_headers: h }) => ({
    Size: Number(h['content-length'] || 0), Type: h['content-type'], Meta: named(h, 'x-bce-meta-'), ETag: bare(h.etag), Range: h['content-range'] || '',
  });
  const everybody = (r) => canned(list(r.body.accessControlList).filter((g) => g.grantee.some((one) => one.id === '*')).flatMap((g) => g.permission));
  const metaHeaders = (meta) => Object.fromEntries(Object.entries(meta || {}).map(([name, value]) => [`x-bce-meta-${name}`, value]));
  // Conditions are no options of getObject: they go with the request below it.
  const read = async ({ key, query }) => {
    if (!query.IfMatch && !query.IfNoneMatch) return bos.getObject(b, key, query.To ? `${query.From}-${query.To}` : undefined);
    const headers = query.IfMatch ? { 'If-Match': query.IfMatch } : { 'If-None-Match': query.IfNoneMatch };
    return bos.sendRequest('GET', { bucketName: b, key, headers });
  };

  return {
    createBucket: async () => { await bos.createBucket(b); },
    deleteBucket: async () => { await bos.deleteBucket(b); },
    put: async ({ key, object }) => {
      const acl = object.ACL ? { 'x-bce-acl': object.ACL } : {};
      const type = object.Type ? { 'Content-Type': object.Type } : {};
      await bos.putObject(b, key, object.Body, { 'Content-Length': object.Body.length, ...type, ...metaHeaders(object.Meta), ...acl });
    },
    get: async (q) => {
      const r = await read(q);
      return { ...described(r), Body: Buffer.isBuffer(r.body) ? r.body : Buffer.alloc(0) };
    },
    head: async ({ key }) => described(await bos.getObjectMetadata(b, key)),
    append: async ({ key, body, at: offset }) => Number((await bos.appendObject(b, key, body, offset || undefined)).http_headers['x-bce-next-append-offset']),
    copy: async ({ from, key }) => { await bos.copyObject(b, from, b, key); },
    list: async ({ Prefix, Delimiter, size }) => {
      const all = { Keys: [], Prefixes: [] };
      for (let marker; ;) {
        const { body } = await bos.listObjects(b, { prefix: Prefix, maxKeys: size, ...(Delimiter && { delimiter: Delimiter }), ...(marker && { marker }) });
        all.Keys.push(...list(body.contents).map((one) => one.key));
        all.Prefixes.push(...list(body.commonPrefixes).map((one) => one.prefix));
        if (!body.isTruncated) return all;
        marker = body.nextMarker;
      }
    },
    delete: async ({ key }) => { await bos.deleteObject(b, key); },
    deleteAll: async ({ Keys }) => {
      const { body } = await bos.deleteMultipleObjects(b, Keys);
      if (list(body.errors).length) throw new Error(JSON.stringify(body.errors));
    },
    begin: async ({ key }) => (await bos.initiateMultipartUpload(b, key)).body.uploadId,
    part: async ({ key, upload, number, body }) => (await bos.uploadPartFromDataUrl(b, key, upload, number, body.length, body.toString('base64'))).http_headers.etag,
    partFrom: async ({ key, upload, number, from, at: first, last }) => (await bos.uploadPartCopy(b, from, b, key, upload, number, `${first}-${last}`)).body.eTag,
    parts: async ({ key, upload, size }) => {
      const all = [];
      for (let partNumberMarker; ;) {
        const { body } = await bos.listParts(b, key, upload, { maxParts: size, ...(partNumberMarker && { partNumberMarker }) });
        all.push(...list(body.parts).map((p) => ({ Number: p.partNumber, ETag: p.eTag, Size: p.size })));
        if (!body.isTruncated) return all;
        partNumberMarker = body.nextPartNumberMarker;
      }
    },
    complete: async ({ key, upload, parts }) => { await bos.completeMultipartUpload(b, key, upload, parts.map((p) => ({ partNumber: p.Number, eTag: p.ETag }))); },
    abort: async ({ key, upload }) => { await bos.abortMultipartUpload(b, key, upload); },
    uploads: async ({ Prefix, size }) => {
      const keys = [];
      for (let keyMarker; ;) {
        const { body } = await bos.listMultipartUploads(b, { prefix: Prefix, maxUploads: size, ...(keyMarker && { keyMarker }) });
        keys.push(...list(body.uploads).map((u) => u.key));
        if (!body.isTruncated) return keys;
        keyMarker = body.nextKeyMarker;
      }
    },
    allowACLs: async () => {},
    setACL: async ({ ACL }) => { await bos.putBucketAcl(b, ACL); },
    acl: async () => everybody(await bos.getBucketAcl(b)),
    setObjectACL: async ({ key, ACL }) => { await bos.putObjectCannedAcl(b, key, ACL); },
    objectACL: async ({ key }) => everybody(await bos.getObjectAcl(b, key)),
    post: async ({ key, body }) => {
      const policy = { expiration: new Date(Date.now() + 600000).toISOString().replace(/\.\d+/, ''), conditions: [{ bucket: b }, { key }] };
      await bos.postObject(b, key, body, { policy });
    },
    presign: async ({ Method, key, Seconds }) => {
      if (Method !== 'GET') throw Object.assign(new Error('signs URLs of GET only'), { unsupported: true });
      return bos.generatePresignedUrl(b, key, Math.floor(Date.now() / 1000), Seconds);
    },
  };
};
