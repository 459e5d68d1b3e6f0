import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const host = new URL('../../dist/host/index.js', import.meta.url).href;

/** Makes 40 MB that survive for a while, and prints the size of the young generation in MiB. */
const script = `
  import { getHeapSpaceStatistics } from 'node:v8';
  import { keepYoungGenerationSmall } from '${host}';
  keepYoungGenerationSmall();
  const kept = [];
  for (let round = 0; round < 100; round += 1)
    kept[round % 10] = Array.from({ length: 5_000 }, (_, index) => ({ index, text: 'row ' + index }));
  const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
  console.log(space.space_size / 2 ** 20);
`;

async function youngGenerationMebibytes(flags: readonly string[] = []): Promise<number> {
  const args = [...flags, '--input-type=module', '--eval', script];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args);
  expect(stderr).toBe('');
  return Number(stdout);
}

describe('the memory of a gateway', () => {
  it('[PT3] does not grow with what was made and dropped again', async () => {
    expect(await youngGenerationMebibytes()).toBeLessThanOrEqual(4);
  });

  it('is what the owner chose by a flag of Node', async () => {
    expect(await youngGenerationMebibytes(['--max-semi-space-size=8'])).toBeGreaterThan(8);
  });
});
