import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GatewayTarget, resolveTarget, type TargetFlags } from './gateway-target.ts';
import { obtainGatewayToken } from './gateway-token.ts';
import { stateFolder } from './state-folder.ts';

let homeFolder: string;

beforeEach(() => {
  homeFolder = mkdtempSync(join(tmpdir(), 'rollcall-target-'));
});

afterEach(() => rmSync(homeFolder, { recursive: true }));

function target(flags: TargetFlags = {}, env: Record<string, string> = {}): GatewayTarget | string {
  const result = resolveTarget(flags, { env, homeFolder });
  return result.ok ? result.value : result.error.message;
}

function storedToken(): string {
  const kept = obtainGatewayToken(stateFolder({ env: {}, homeFolder }));
  if (!kept.ok) throw new Error(kept.error.message);
  return kept.value.token;
}

describe('which gateway a command connects to', () => {
  it('is the local one by default, with the token that it stored', () => {
    expect(target()).toEqual({ url: 'ws://127.0.0.1:18789' });
    const token = storedToken();
    expect(target()).toEqual({ url: 'ws://127.0.0.1:18789', token });
    expect(target({ url: 'ws://localhost:9' })).toEqual({ url: 'ws://localhost:9', token });
    expect(target({ url: 'ws://[::1]:9' })).toEqual({ url: 'ws://[::1]:9', token });
  });

  it('on another computer never gets the stored token of the local gateway', () => {
    storedToken();
    expect(target({ url: 'ws://gateway.example.org' })).toEqual({ url: 'ws://gateway.example.org' });
    expect(target({ url: 'ws://127.0.0.1.example.org' })).toEqual({ url: 'ws://127.0.0.1.example.org' });
  });

  it('is named by flags, then our variables, then those of OpenClaw', () => {
    const openClaw = { OPENCLAW_GATEWAY_URL: 'ws://c', OPENCLAW_GATEWAY_TOKEN: 'c' };
    const ours = { ROLLCALL_URL: 'ws://b', ROLLCALL_TOKEN: 'b' };
    expect(target({}, openClaw)).toEqual({ url: 'ws://c', token: 'c' });
    expect(target({}, { ...openClaw, ...ours })).toEqual({ url: 'ws://b', token: 'b' });
    expect(target({ url: 'ws://a', token: 'a' }, { ...openClaw, ...ours })).toEqual({
      url: 'ws://a',
      token: 'a',
    });
    expect(target({ password: 'a' }, ours)).toEqual({ url: 'ws://b', password: 'a' });
    expect(target({}, { ...ours, ROLLCALL_PASSWORD: 'p' })).toEqual({
      url: 'ws://b',
      token: 'b',
      password: 'p',
    });
  });

  it('takes an address of this computer for local, and no other', () => {
    const token = storedToken();
    const addresses = (): string[] => ['192.0.2.7'];
    const at = (url: string) => resolveTarget({ url }, { env: {}, homeFolder, addresses });
    expect(at('ws://192.0.2.7:9')).toMatchObject({ ok: true, value: { token } });
    expect(at('ws://192.0.2.8:9')).toEqual({ ok: true, value: { url: 'ws://192.0.2.8:9' } });
  });

  it.each([
    ['192.0.2.1:18789', 'ws://192.0.2.1:18789'],
    ['gateway.example.org', 'ws://gateway.example.org'],
    ['localhost:1', 'ws://localhost:1'],
    ['[::1]:18789', 'ws://[::1]:18789'],
  ])('takes a host for a URL: %s', (typed, url) => {
    expect(target({ url: typed })).toMatchObject({ url });
  });

  it('takes http for ws', () => {
    expect(target({ url: 'https://x.example/gw' })).toEqual({ url: 'wss://x.example/gw' });
  });

  it.each([
    ['foo', /"foo" is not a valid URL\. Example: ws:\/\//],
    ['', /is not a valid URL/],
    ['host:port', /is not a valid URL/],
    ['ftp://x', /must begin with ws:/],
    ['ws://me:secret@x', /must not hold a user/],
    ['ws://x/#token=secret', /must not hold a user/],
  ])('refuses %s', (url, expected) => {
    const message = target({ url });
    expect(message).toMatch(expected);
    expect(message).not.toContain('secret');
  });
});
