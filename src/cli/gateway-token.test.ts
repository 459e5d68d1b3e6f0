import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gatewayTokenFile, obtainGatewayToken, readGatewayToken } from './gateway-token.ts';
import { stateFolder } from './state-folder.ts';

let home: string;
let folder: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'rollcall-token-'));
  folder = join(home, '.local', 'state', 'rollcall');
});

afterEach(() => rmSync(home, { recursive: true }));

function obtained(): { token: string; generated: boolean } {
  const result = obtainGatewayToken(folder);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

function refusalOf(): string {
  const result = obtainGatewayToken(folder);
  return result.ok ? '' : result.error.message;
}

describe('the generated token', () => {
  it('[PA1] is made once, stored readable by its owner only, and used again', () => {
    const first = obtained();
    expect(first.generated).toBe(true);
    expect(first.token).toMatch(/^[\w-]{43}$/);
    expect(statSync(gatewayTokenFile(folder)).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(obtained()).toMatchObject({ token: first.token, generated: false });
    expect(readdirSync(folder)).toEqual(['gateway-token']);
  });

  it('[PA1] is in a folder that is closed to others even when it was open', () => {
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o755);
    obtained();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('[PA1] is refused when others can read it', () => {
    obtained();
    chmodSync(gatewayTokenFile(folder), 0o644);
    expect(refusalOf()).toMatch(/can be read by other users \(mode 0644\). Delete it .* chmod 600 '/);
  });

  it('is refused when it is empty or a link elsewhere', () => {
    mkdirSync(folder, { recursive: true });
    const file = gatewayTokenFile(folder);
    writeFileSync(file, '\n', { mode: 0o600 });
    expect(refusalOf()).toContain('does not hold a token. Delete it');
    rmSync(file);
    symlinkSync('/dev/null', file);
    expect(refusalOf()).toContain('cannot read the token file');
  });

  it('is refused with what to do when the state folder cannot be made', () => {
    writeFileSync(join(home, '.local'), '');
    expect(refusalOf()).toMatch(/cannot use the state folder .* Set XDG_STATE_HOME/);
  });

  it('is not made when it is only read', () => {
    expect(readGatewayToken(folder)).toEqual({ ok: true, value: undefined });
  });
});

describe('the state folder', () => {
  it('follows XDG_STATE_HOME', () => {
    expect(stateFolder({ env: { XDG_STATE_HOME: '/var/x' }, homeFolder: '/h' })).toBe(
      join('/var/x', 'rollcall'),
    );
    expect(stateFolder({ env: { XDG_STATE_HOME: '' }, homeFolder: '/h' })).toBe(
      join('/h', '.local', 'state', 'rollcall'),
    );
  });
});
