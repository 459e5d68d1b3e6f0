import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hostileJson, hostileObject, hostileText } from '../harness/hostile-json.ts';
import { askHttp } from '../harness/http-client.ts';
import { gatewayStarter } from '../harness/listening-gateway.ts';
import { rosterObserver } from '../harness/roster-observer.ts';

const start = gatewayStarter();
const numRuns = 100;

it('[PW10] [PL4] any body of beacons is accepted or refused, never a fault, and a refusal changes nothing', async () => {
  const gateway = await start({ requestsPerSecond: 0 });
  const observer = await rosterObserver(gateway);
  const good = hostileObject({ text: 'x', instanceId: 'a', mode: 'ui', lastInputSeconds: 1 });
  const body = fc.oneof(
    hostileText,
    good,
    fc.array(fc.oneof(good, hostileJson), { maxLength: 5 }).map((items) => `[${items.join()}]`),
  );
  const run = fc.asyncProperty(body, async (text) => {
    const before = await observer.list();
    const { status, json } = await askHttp(gateway, '/api/v1/beacons', { method: 'POST', body: text });
    expect(Buffer.byteLength(text) > 1_048_576 ? [413] : [200, 400, 403]).toContain(status);
    if (status !== 200) expect(await observer.list()).toEqual(before);
    else expect(json.ok).toBe(true);
  });
  await fc.assert(run, { numRuns });
});

it('[PW10] any query is answered or refused, never a fault', async () => {
  const gateway = await start({ requestsPerSecond: 0 });
  const part = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom('mode', '__proto__', 'q'),
  );
  const query = fc
    .array(fc.tuple(part, part), { maxLength: 40 })
    .map((pairs) => pairs.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&'));
  const raw = fc.string({ maxLength: 60 }).map((text) => text.replace(/[^!-~]/g, '%'));
  const run = fc.asyncProperty(fc.oneof(query, raw), async (text) => {
    const { status } = await askHttp(gateway, `/api/v1/presence?${text}`);
    expect([200, 400]).toContain(status);
  });
  await fc.assert(run, { numRuns });
});

/** A text in an address; halves of surrogate pairs, which cannot be, are replaced. */
function encoded(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString());
}
