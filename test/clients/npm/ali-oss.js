// ali-oss: V1 and V4. With an address for an endpoint it signs no URL, so it is
// given the public name, which the agent dials as loopback, or localhost for path style.
'use strict';
const OSS = require('ali-oss');
const { bare, list } = require('./words.js');

exports.refused = (error) => ({ status: error.status > 0 ? error.status : 0, code: error.status > 0 && error.code !== 'Unknown' ? error.code : '' });

exports.open = (o) => {
  const v4 = o.Sign === 'V4';
  const store = new OSS({
    endpoint: o.Host ? `http://oss-${o.Region}.aliyuncs.com` : `http://localhost:${o.Address.split(':').pop()}`, region: `oss-${o.Region}`, bucket: o.Bucket, agent: o.agent, retryMax: 0,
    accessKeyId: o.AccessKey, accessKeySecret: o.SecretKey, authorizationV4: v4, sldEnable: !o.Host,
  });
  const described = ({ res, meta }) => ({
    Size: Number(res.headers['content-length']), Type: res.headers['content-type'], Meta: meta || {}, ETag: bare(res.headers.etag),
    CRC64: res.headers['x-oss-hash-crc64ecma'] || '', Range: res.headers['content-range'] || '',
  });
  const metaOf = (headers) => Object.fromEntries(Object.entries(headers).filter(([n]) => n.startsWith('x-oss-meta-')).map(([n, v]) => [n.slice(11), v]));
  const read = (r) => described({ res: r.res, meta: metaOf(r.res.headers) });
  // refuse makes an error of a status that the SDK takes for a success.
  const refuse = (r) => { throw Object.assign(new Error(`status ${r.status}`), { status: r.status, code: 'Unknown' }); };

  return {
    createBucket: async () => { await store.putBucket(o.Bucket); },
    deleteBucket: async () => { await store.deleteBucket(o.Bucket); },
    put: async ({ key, object }) => {
      const headers = object.ACL ? { 'x-oss-object-acl': object.ACL } : {};
      await store.put(key, object.Body, { mime: object.Type || undefined, meta: object.Meta || undefined, headers });
    },
    get: async ({ key, query }) => {
      const headers = {};
      if (query.To) headers.Range = `bytes=${query.From}-${query.To}`;
      if (query.IfMatch) headers['If-Match'] = query.IfMatch;
      if (query.IfNoneMatch) headers['If-None-Match'] = query.IfNoneMatch;
      const r = await store.get(key, { headers });
      if (r.res.status === 304) refuse(r.res);
      return { ...read(r), Body: r.content };
    },
    head: async ({ key }) => read(await store.head(key)),
    append: async ({ key, body, at }) => Number((await store.append(key, body, { position: String(at) })).nextAppendPosition),
    copy: async ({ from, key }) => { await store.copy(key, from); },
    list: async ({ Prefix, Delimiter, size }) => {
      const all = { Keys: [], Prefixes: [] };
      for (let marker; ;) {
        const page = await store.list(given({ prefix: Prefix, delimiter: Delimiter, 'max-keys': size, marker }));
        all.Keys.push(...list(page.objects).map((one) => one.name));
        all.Prefixes.push(...list(page.prefixes));
        if (!page.isTruncated) return all;
        marker = page.nextMarker;
      }
    },
    delete: async ({ key }) => { await store.delete(key); },
    deleteAll: async ({ Keys }) => {
      const r = await store.deleteMulti(Keys);
      if (list(r.deleted).length !== Keys.length) throw new Error(`deleted ${list(r.deleted).length} of ${Keys.length}`);
    },
    presign: async ({ Method, key, Seconds }) => (v4 ? store.signatureUrlV4(Method, Seconds, {}, key) : store.signatureUrl(key, { method: Method, expires: Seconds })),
    begin: async ({ key }) => (await store.initMultipartUpload(key)).uploadId,
    part: async ({ key, upload, number, body }) => (await store.uploadPart(key, upload, number, body, 0, body.length)).etag,
    partFrom: async ({ key, upload, number, from, at, last }) => (
      await store.uploadPartCopy(key, upload, number, `${at}-${last}`, { sourceKey: from, sourceBucketName: o.Bucket })).etag,
    parts: async ({ key, upload, size }) => {
      const all = [];
      for (let marker; ;) {
        const page = await store.listParts(key, upload, given({ 'max-parts': size, 'part-number-marker': marker }));
        all.push(...list(page.parts).map((p) => ({ Number: Number(p.PartNumber), ETag: p.ETag, Size: Number(p.Size) })));
        if (page.isTruncated !== 'true') return all;
        marker = page.nextPartNumberMarker;
      }
    },
    complete: async ({ key, upload, parts }) => { await store.completeMultipartUpload(key, upload, parts.map((p) => ({ number: p.Number, etag: p.ETag }))); },
    abort: async ({ key, upload }) => { await store.abortMultipartUpload(key, upload); },
    uploads: async ({ Prefix, size }) => {
      const keys = [];
      for (let page = {}; ;) {
        page = await store.listUploads(given({ prefix: Prefix, 'max-uploads': size, 'key-marker': page.nextKeyMarker, 'upload-id-marker': page.nextUploadIdMarker }));
        keys.push(...page.uploads.map((u) => u.name));
        if (!page.isTruncated) return keys;
      }
    },
    allowACLs: async () => {},
    setACL: async ({ ACL }) => { await store.putBucketACL(o.Bucket, ACL); },
    acl: async () => (await store.getBucketACL(o.Bucket)).acl,
    setObjectACL: async ({ key, ACL }) => { await store.putACL(key, ACL); },
    objectACL: async ({ key }) => (await store.getACL(key)).acl,
    setCORS: async ({ Rule }) => {
      await store.putBucketCORS(o.Bucket, [{
        allowedOrigin: Rule.Origins, allowedMethod: Rule.Methods, allowedHeader: Rule.Headers, exposeHeader: Rule.Exposed, maxAgeSeconds: String(Rule.MaxAge),
      }]);
    },
    cors: async () => (await store.getBucketCORS(o.Bucket)).rules.map((r) => ({
      Origins: list(r.allowedOrigin), Methods: list(r.allowedMethod), Headers: list(r.allowedHeader), Exposed: list(r.exposeHeader), MaxAge: Number(r.maxAgeSeconds),
    })),
    post: async ({ key }) => ({ URL: `http://${o.Bucket}.oss-${o.Region}.aliyuncs.com/`, Fields: { key, ...(v4 ? formV4(store, o, key) : formV1(store, o, key)) } }),
  };
};

// given leaves out what has no value: the SDK signs such parameters and does not
// send them.
const given = (query) => Object.fromEntries(Object.entries(query).filter(([, value]) => value));

const policyOf = (o, key, more) => ({
  expiration: new Date(Date.now() + 600000).toISOString(),
  conditions: [{ bucket: o.Bucket }, ['eq', '$key', key], ...more],
});

const formV1 = (store, o, key) => store.calculatePostSignature(policyOf(o, key, []));

function formV4(store, o, key) {
  const now = new Date();
  const at = now.toISOString().replace(/[-:]|\.\d+/g, '');
  const fields = {
    'x-oss-signature-version': 'OSS4-HMAC-SHA256', 'x-oss-date': at,
    'x-oss-credential': `${o.AccessKey}/${at.slice(0, 8)}/${o.Region}/oss/aliyun_v4_request`,
  };
  const policy = policyOf(o, key, Object.entries(fields).map(([name, value]) => ({ [name]: value })));
  return { ...fields, policy: Buffer.from(JSON.stringify(policy)).toString('base64'), 'x-oss-signature': store.signPostObjectPolicyV4(policy, now) };
}
