import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gatewayProcesses } from '../harness/gateway-process.ts';
import { type Ended, runRollcall } from '../harness/rollcall-process.ts';

const { home, start } = gatewayProcesses();
const token = 'a-token-for-the-test';

/** An environment in which Node returns these values for the system. */
function systemThat(code: string): Record<string, string> {
  const file = join(home().folder, 'system.cjs');
  const sync = "require('node:module').syncBuiltinESMExports();";
  writeFileSync(
    file,
    `const os = require('node:os'); const fails = () => { throw new Error('A system error occurred'); }; ${code}; ${sync}`,
  );
  return { ROLLCALL_TOKEN: token, NODE_OPTIONS: `--require ${file}` };
}

const calls = [
  'hostname',
  'homedir',
  'networkInterfaces',
  'release',
  'userInfo',
  'uptime',
  'loadavg',
  'machine',
  'type',
];

describe('[PR1] a system that does not answer queries about itself', () => {
  it.each([
    ['refuses every call', calls.map((name) => `os.${name} = fails`).join('; ')],
    [
      'has no name, processors or memory',
      "os.hostname = () => ''; os.cpus = () => []; os.totalmem = () => 0",
    ],
    ['has an odd name', "os.hostname = () => 'b\\u202e\\u0007' + 'h'.repeat(600)"],
  ])('%s: gateway and commands work', async (_, code) => {
    const env = systemThat(code);
    const folders = { XDG_STATE_HOME: home().folder, XDG_CONFIG_HOME: home().folder };
    const gateway = await start([], { ...env, ...folders });
    const run = (...words: string[]): Promise<Ended> =>
      runRollcall(words, { ...home().env, ...env, ...folders, ROLLCALL_URL: gateway.url });
    const ends = await Promise.all([
      run('list'),
      run('beacon', '--instance-id', 'b'),
      run('agent', '--dry-run'),
      run('doctor'),
    ]);
    expect(ends.map((end) => end.code)).toEqual([0, 0, 0, 0]);
    for (const { stderr } of ends) expect(stderr).not.toMatch(/^\s+at /m);
    const rows = JSON.parse((await run('call', 'system-presence')).stdout) as { host?: string }[];
    for (const host of rows.flatMap((row) => row.host ?? [])) expect(host).toMatch(/^[ -~]{1,256}$/);
  });
});

describe('[PA1] the command of the banner', () => {
  const lan = Object.values(os.networkInterfaces())
    .flatMap((list) => list ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
  const addresses = ['127.0.0.1', 'localhost', '::1', '0.0.0.0', '::', ...(lan === undefined ? [] : [lan])];

  it.each(addresses)('works as it is printed on %s, with the token that it needs', async (address) => {
    const { banner } = await start(['--bind', address]);
    const [, words = ''] = /See who is connected\s+(?:npx )?rollcall (.*)/.exec(banner) ?? [];
    const { code, stdout, stderr } = await runRollcall(words.split(/\s+/), home().env);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('online');
  });
});
