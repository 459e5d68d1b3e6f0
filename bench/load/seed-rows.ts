import type { ServerUnderTest } from '../job.ts';

const BATCH = 100;

/** Describes `rows` instances, `row-0`, `row-1` …, by beacons over HTTP. */
export async function seedRows(server: ServerUnderTest, rows: number): Promise<void> {
  for (let first = 0; first < rows; first += BATCH) {
    const count = Math.min(BATCH, rows - first);
    await sendBeacons(
      server,
      Array.from({ length: count }, (_, index) => rowBeacon(first + index)),
    );
  }
}

/** Facts of the row with this index. */
export function rowBeacon(index: number): Readonly<Record<string, string>> {
  return {
    ...{ text: 'seeded', instanceId: `row-${index}`, host: `host-${index}`, mode: 'node' },
    ...{ ip: '192.0.2.1', version: '1.0.0', platform: 'linux 6.18.0', reason: 'periodic' },
  };
}

/** Sends beacons in one request; throws when it is refused. */
export async function sendBeacons(
  { port, token }: ServerUnderTest,
  beacons: readonly object[],
): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/beacons`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(beacons),
  });
  if (!answer.ok) throw new Error(`beacons were refused: ${await answer.text()}`);
}
