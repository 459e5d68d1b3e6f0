import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { libraryVersion } from '../../src/client/version.ts';

/** What the script prints about the bundle. */
interface Bundle {
  readonly code: string;
  readonly imports: readonly string[];
  readonly moduleIds: readonly string[];
  readonly gzipBytes: number;
}

const script = new URL('../../scripts/bundle-client.mjs', import.meta.url).href;

describe('the bundle of rollcall/client', () => {
  it('is below 14 kB gzip, and needs nothing else', async () => {
    const { bundleClient, limitBytes } = await import(script);
    const bundle: Bundle = await bundleClient();
    expect(limitBytes).toBe(15_000);
    expect(bundle.gzipBytes).toBeLessThan(limitBytes);
    expect(bundle.imports).toEqual([]);
    expect(bundle.moduleIds.filter((id) => id.includes('node_modules'))).toEqual([]);
  });

  it('works as it is: it is a module that exports the client', async () => {
    const { bundleClient } = await import(script);
    const { code }: Bundle = await bundleClient();
    const loaded = await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`);
    expect(Object.keys(loaded)).toEqual(
      expect.arrayContaining(['createPresenceClient', 'localStorageStore', 'statusAt']),
    );
    const created = loaded.createPresenceClient({ url: 'ws://127.0.0.1:1', createSocket: () => undefined });
    expect(created.state.phase).toBe('idle');
  });

  it('names the version of the package', async () => {
    const file = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
    expect(JSON.parse(file).version).toBe(libraryVersion);
  });
});
