import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkConfig, initConfig, showConfig } from './config-command.ts';
import type { Shell } from './shell.ts';

let folder: string;
let printed: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-config-'));
  printed = [];
});

afterEach(() => rmSync(folder, { recursive: true }));

function contextOf(env: Record<string, string> = {}) {
  const shell = {
    env,
    homeFolder: folder,
    columns: undefined,
    print: (text: string) => void printed.push(text),
    complain: (text: string) => void printed.push(text),
  } as unknown as Shell;
  return { shell, version: '1', schemaFile: '/schema.json' };
}

describe('rollcall config', () => {
  it('init writes a file that check accepts, once, readable by its owner only', () => {
    const file = join(folder, '.config', 'rollcall', 'config.json');
    expect(initConfig(contextOf(), {}).ok).toBe(true);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ $schema: '/schema.json', port: 18_789 });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(checkConfig(contextOf(), {})).toEqual({ ok: true, value: undefined });
    expect(printed).toContain(`ok: ${file}`);
    expect(printed).toContain(`  port (${file}:3)`);
    expect(initConfig(contextOf(), {})).toMatchObject({ ok: false, error: { exitCode: 1 } });
    expect(initConfig(contextOf(), { force: true }).ok).toBe(true);
  });

  it('check names file and line of a problem, and the variable', () => {
    const config = join(folder, 'c.json');
    writeFileSync(config, '{\n  "prot": 1,\n  "ttlMs": 5\n}');
    const result = checkConfig(contextOf({ ROLLCALL_BIDN: 'x' }), { config });
    expect(result).toMatchObject({ ok: false, error: { exitCode: 2 } });
    if (result.ok) return;
    expect(result.error.message.split('\n')).toEqual([
      `unknown key "prot" (${config}:2) (did you mean port?)`,
      'unknown environment variable ROLLCALL_BIDN (did you mean ROLLCALL_BIND?)',
      `ttlMs (${config}:3) must be a whole number of milliseconds from 1000 to 2147483647, but is 5`,
    ]);
  });

  it('check reads secret files', () => {
    const result = checkConfig(contextOf({ ROLLCALL_TOKEN_FILE: join(folder, 'none') }), {});
    expect(result.ok ? '' : result.error.message).toContain('tokenFile: cannot read the secret file');
  });

  it('[PA1] show prints where each value comes from, and no secret', () => {
    const env = {
      ROLLCALL_TOKEN: 'hunter2-hunter2',
      ROLLCALL_PORT: '5',
      ROLLCALL_CLUSTER: 'redis://u:hunter2@h',
    };
    expect(showConfig(contextOf(env), { json: true }).ok).toBe(true);
    expect(printed[0]).not.toContain('hunter2');
    expect(JSON.parse(printed[0] ?? '')).toMatchObject({
      port: { value: 5, origin: 'ROLLCALL_PORT' },
      token: { value: '(secret)', origin: 'ROLLCALL_TOKEN' },
      ttlMs: { value: 300_000, origin: 'default' },
    });
    showConfig(contextOf(env), {});
    expect(printed[1]).toMatch(/port +5 +ROLLCALL_PORT/);
  });
});
