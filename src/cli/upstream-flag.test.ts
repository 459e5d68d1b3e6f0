import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readUpstreamFlag, upstreamsText } from './upstream-flag.ts';

const nobody = { env: {}, homeFolder: '/nonexistent' };

describe('--upstream', () => {
  it('[PU9] is a name and an address, and may name a file', () => {
    expect(readUpstreamFlag('home=ws://10.0.0.2:18789', nobody)).toEqual({
      ok: true,
      value: { name: 'home', url: 'ws://10.0.0.2:18789' },
    });
    expect(readUpstreamFlag('home=wss://h/a,tokenFile=/run/a=b,ca=/run/ca.pem', nobody)).toMatchObject({
      value: { url: 'wss://h/a', tokenFile: '/run/a=b', ca: '/run/ca.pem' },
    });
    expect(readUpstreamFlag('ws://127.0.0.1:1', nobody)).toMatchObject({ ok: false });
  });

  it('[PU12] takes the secret of an OpenClaw gateway on this computer from its own configuration', () => {
    const homeFolder = mkdtempSync(join(tmpdir(), 'rollcall-home-'));
    const file = join(homeFolder, '.openclaw', 'openclaw.json');
    mkdirSync(join(homeFolder, '.openclaw'));
    writeFileSync(file, '{}');
    const home = { env: {}, homeFolder };
    const read = (text: string) => readUpstreamFlag(text, home);
    expect(read('home=ws://127.0.0.1:18789')).toMatchObject({ value: { openclaw: file } });
    expect(read('home=ws://10.0.0.2:18789')).not.toHaveProperty('value.openclaw');
    expect(read('home=ws://127.0.0.1:1,tokenFile=/t')).not.toHaveProperty('value.openclaw');
  });

  it('is appended to the list of --upstreams', () => {
    const text = upstreamsText(['b=ws://b'], '[{"name":"a","url":"ws://a"}]', nobody);
    expect(text.ok && JSON.parse(text.value ?? '')).toMatchObject([{ name: 'a' }, { name: 'b' }]);
    expect(upstreamsText([], undefined, nobody)).toEqual({ ok: true, value: undefined });
    expect(upstreamsText(['b=ws://b'], '{', nobody)).toMatchObject({ ok: false });
  });
});
