import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { recordFaults } from './frame-recorder.ts';
import { gatewayFixture } from './gateway-fixture.ts';
import { WireClient } from './wire-client.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Test files of a folder, relative to the root. */
async function testFiles(folder: string): Promise<string[]> {
  const names = await readdir(join(root, folder), { recursive: true });
  return names.filter((name) => name.endsWith('.test.ts')).map((name) => join(folder, name));
}

/** Calls that start a gateway whose frames nothing else checks. */
const starts = /\b(createGateway|createAgentFixture)\(\{|\bcreateAgentFixture\(\)|gateway\.start\(\)/;

/** Gateways in processes of their own are out of reach of the recorder. */
const inProcess = /gateway\/(index|gateway)\.ts'|-fixture\.ts'/;

describe('the frame recorder', () => {
  it('[PF1] records a frame that the strict schema refuses', async () => {
    const faults = recordFaults();
    const { gateway } = gatewayFixture({ newId: () => '' }, { soon: 'immediate' });
    const { url } = await gateway.start();
    const client = new WireClient(url);
    await expect(client.connect()).rejects.toThrow(/challenge/);
    await gateway.close();
    expect(faults.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^payload of connect.challenge: at \/nonce/),
    ]);
  });

  it('[PF1] checks in every test that starts a gateway', async () => {
    const names = [...(await testFiles('src')), ...(await testFiles('test'))];
    const unchecked = names.filter((name) => {
      const source = readFileSync(join(root, name), 'utf8');
      return (
        inProcess.test(source) &&
        starts.test(source) &&
        !/\b(assertEveryFrame|gatewayStarter|recordFaults)\(/.test(source)
      );
    });
    expect(unchecked).toEqual([]);
  });
});
