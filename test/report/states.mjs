// Makes of the run.json of a real run one that holds what a page has to bear and
// no run on this machine gives: node states.mjs FROM TO. Every verdict, all rules
// of the gate, features that contradict, windows, pass rates, a signature that
// differs, very long names, and replies that would do something if they were not
// escaped.
import {readFile, writeFile} from 'node:fs/promises';

const [from, to] = process.argv.slice(2);
const run = JSON.parse(await readFile(from, 'utf8'));
const hostile = `<script>document.title='taken'</script><img src=x onerror="document.title='taken'">`;
const failed = run.cases.filter(c => c.verdict === 'failed');
const passed = run.cases.filter(c => c.verdict === 'passed');
const first = new Map(run.targets.map(t => [t.dialect, passed.filter(c => c.dialect === t.dialect)]));

run.profile = 'core';
run.strict = true;
run.gate = ['waiver-expired', 'waiver-idle', 'new-failure', 'lost-coverage', 'vanished-case', 'floor', 'feature'].map(rule => ({
  rule, what: `what broke the rule ${rule}, told with the pattern oss/append/position-* of target staging and its ticket GATE-${rule.length}`,
  do: 'take the waiver out of waivers.yaml, or give it a new day after looking at the ticket again',
}));
run.convergence = [
  {dialect: 'oss', kind: 'object', window_ms: 2000, reads: 812, late: 0, missed: 0, longest_ms: 0},
  {dialect: 'cos', kind: 'list', window_ms: 15000, reads: 90, late: 7, missed: 1, longest_ms: 12750},
  {dialect: 's3', kind: 'config', window_ms: 60000, reads: 44, late: 44, missed: 0, longest_ms: 30100},
];
for (const [i, t] of run.targets.entries()) {
  Object.assign(t, {name: i ? 'staging' : 'a-store-of-a-long-name-in-a-region-far-away', embedded: false, region: 'eu-far-1', style: 'virtual', serve: '', endpoint: `https://${t.dialect}.eu-far-1.store.example.com`});
  t.features = [
    {name: 'append', declared: 'absent', probe: 'present', detail: 'POST /bucket/key?append&position=0 answered status 200'},
    {name: 'versioning', declared: 'present', probe: 'unclear', detail: `GET /bucket?versioning answered status 500 ${hostile}`},
    {name: 'acl', declared: 'absent', probe: 'absent', detail: 'GET /bucket?acl answered status 501 NotImplemented'},
  ];
  t.preflight.checks.push({name: 'clock', ok: i !== 1, detail: i === 1 ? '1,204 s behind: requests will be refused' : '0.4 s ahead'});
}

const becomes = (c, verdict, more) => {
  run.summary[c.dialect][c.verdict.replace('-', '_')]--;
  run.summary[c.dialect][verdict.replace('-', '_')]++;
  Object.assign(c, {verdict, ...more});
};
for (const list of first.values()) {
  becomes(list[3], 'blocked', {blocked_by: 'given 1: put of the object: status 503 SlowDown instead of 200'});
  becomes(list[40], 'error', {message: 'no reply within 1m0s: the connection was reset after 1,204 bytes'});
  becomes(list[41], 'not-run', {message: 'needs a second account: set HARNESS_OTHER_ACCESS_KEY and HARNESS_OTHER_SECRET_KEY'});
  becomes(list[42], 'unsupported', {message: 'append is declared absent, and the probe agrees'});
  becomes(list[43], 'stale-waiver', {message: 'passed although waived: take the waiver out', waiver: {pattern: `${list[43].dialect}/*/x`, reason: 'known since the spring', ticket: 'BUG-7', expires: '2026-12-31'}});
  becomes(list[44], 'waived', {message: 'as the waiver says', broken: [{clause: list[44].clauses[0], what: 'status', expected: '409', got: '500', verdict: 'waived'}],
    waiver: {pattern: list[44].id, reason: 'the vendor works on it', ticket: 'BUG-1204', expires: '2027-01-31'}});
  becomes(list[45], 'warned', {broken: [{clause: list[45].clauses[0], what: 'field', expected: 'a field of its own', got: hostile, verdict: 'warned'}]});
  list[46].accepted = [{clause: list[46].clauses[0], status: '404', code: 'NoSuchKey', value: '', source: 'the edition before it'}];
}
const long = failed[0];
long.stress = {runs: 100, passed: 61, failed: 37, silent: 2, rate: 0.62, low: 0.52, high: 0.71, level: 0.95, method: 'Wilson'};
long.delays = [{step: 'after: the object is there', kind: 'object', looks: 7, ms: 1250, window_ms: 2000, seen: true},
  {step: 'after: the listing has it', kind: 'list', looks: 31, ms: 15000, window_ms: 15000, seen: false}];
long.divergence = {step: 'string to sign', ours: `PUT\n\ntext/plain\nSun, 22 Nov 2026 07:00:00 GMT\nx-oss-meta-${'long-'.repeat(40)}:1\n/bucket/key`,
  theirs: `PUT\n\ntext/plain; charset=${hostile}\nSun, 22 Nov 2026 07:00:00 GMT\n/bucket/key`, at: 14};
for (const e of long.exchanges.slice(0, 2)) {
  Object.assign(e, {times: 12, skipped: 3, note: `the reply was cut ${hostile}`});
  if (e.reply) e.reply.body = {text: `<html>${hostile}${'unbroken'.repeat(200)}</html>`, cut: true, length: 5 << 20, sha256: '1f'.repeat(32)};
}
const name = `${long.dialect}/${long.chapter}/${'a-very-long-segment-of-an-id-'.repeat(4)}${'x'.repeat(120)}`;
for (const c of run.clauses) c.cases = c.cases.map(id => id === long.id ? name : id);
long.id = name;
Object.assign(run, {exit: 1, exit_reason: `${failed.length} cases failed; 4 cases passed although waived; the gate: 7 rules are broken`, notes: [
  'HTTP_PROXY is set and not used', `waiver ${hostile} matches nothing`]});
await writeFile(to, JSON.stringify(run, null, 1));
