// Answers questions, a line of JSON each, by asking a vendor's SDK:
//
//	node driver.js ali-oss|cos|bos|s3
//
// Each SDK is a file beside this one that exports open(o), which gives an object
// with the methods of Client, and refused(error), which gives status and code.
'use strict';
const http = require('http');
const net = require('net');
const readline = require('readline');

console.log = console.error; // some SDKs talk
const sdk = require(`./${process.argv[2]}.js`);

// dial makes an agent that reaches one address, whatever the name.
function dial(address) {
  const at = address.lastIndexOf(':');
  const agent = new http.Agent({ keepAlive: true });
  agent.createConnection = () => net.connect(Number(address.slice(at + 1)), address.slice(0, at));
  return agent;
}

// kept are the clients that have been opened, by what they were opened with.
const kept = new Map();

function client(open) {
  const name = JSON.stringify(open);
  if (!kept.has(name)) kept.set(name, sdk.open({ ...open, agent: dial(open.Address) }));
  return kept.get(name);
}

async function answer(q) {
  const method = client(q.open)[q.do];
  if (!method) return { unsupported: true };
  if (q.body !== undefined) q.body = Buffer.from(q.body, 'base64');
  if (q.object) q.object.Body = Buffer.from(q.object.Body || '', 'base64');
  try {
    const value = await method(q);
    if (value && Buffer.isBuffer(value.Body)) value.Body = value.Body.toString('base64');
    return { value: value === undefined ? null : value };
  } catch (error) {
    if (error && error.unsupported) return { unsupported: true };
    return { message: String((error && error.message) || error || 'refused'), status: 0, code: '', ...sdk.refused(error || {}) };
  }
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    process.stdout.write(JSON.stringify(await answer(JSON.parse(line))) + '\n');
  }
  process.exit(0);
})();
