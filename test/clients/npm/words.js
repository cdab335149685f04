'use strict';

// canned names the ACL under which everybody has these permissions.
exports.canned = (everybody) => {
  const has = (one) => everybody.includes(one) || everybody.includes('FULL_CONTROL');
  if (has('READ') && has('WRITE')) return 'public-read-write';
  if (has('READ')) return 'public-read';
  return everybody.length ? `none of the canned ones: ${everybody}` : 'private';
};

// escapePath escapes every byte of a key but unreserved ones and the slash.
exports.escapePath = (key) => key.split('/').map((part) => encodeURIComponent(part).replace(/[!'()*]/g, (c) => '%' + c.charCodeAt(0).toString(16).toUpperCase())).join('/');

// list makes a list of what an XML reader gives as a single value.
exports.list = (value) => (value === undefined || value === null || value === '' ? [] : Array.isArray(value) ? value : [value]);

// bare is an ETag without quotes.
exports.bare = (tag) => String(tag || '').replace(/"/g, '');

// named takes the metadata out of header fields.
exports.named = (headers, prefix) => Object.fromEntries(Object.entries(headers || {})
  .filter(([name]) => name.startsWith(prefix)).map(([name, value]) => [name.slice(prefix.length), value]));
