import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { eventually } from './eventually.ts';
import { startProgram } from './rollcall-process.ts';

const run = promisify(execFile);

/** Words that programs print when something is wrong. */
const warning = /warn|deprecat|experimental|EBADENGINE|"level":"error"/i;

/**
 * Uses an installed `rollcall` as its user does: a gateway with its page and the files that the page needs, a beacon, the list,
 * the status of all, the log, and an agent. Fails when one of them does not work, or prints a warning.
 *
 * @param command the installed program.
 * @param home a folder for its settings and its state.
 */
export async function expectWorkingCommand(command: string, home: string, path: string): Promise<void> {
  const env = { HOME: home, PATH: path, ROLLCALL_TOKEN: 'secret', NO_COLOR: '1' };
  const gateway = startProgram(command, ['gateway', '--port', '0'], env);
  const banner = await gateway.printed('Press Ctrl+C');
  const [url = ''] = /ws:\/\/127\.0\.0\.1:\d+/.exec(banner) ?? [];
  const at = { ...env, ROLLCALL_URL: url };
  const agent = startProgram(command, ['agent', '--name', 'desk-agent'], at);
  try {
    const beacon = await run(command, ['beacon', '--host', 'camera-3', '--mode', 'node'], { env: at });
    const list = await run(command, ['list'], { env: at });
    const log = await run(command, ['log'], { env: at });
    expect(list.stdout).toContain('camera-3');
    expect(log.stdout).toContain('camera-3');
    expect([beacon.stderr, list.stderr, log.stderr]).toEqual(['', '', '']);
    await expectPage(url.replace('ws:', 'http:'));
    await eventually(async () =>
      (await run(command, ['list', '--json'], { env: at })).stdout.includes('desk-agent'),
    );
  } finally {
    agent.kill('SIGTERM');
    gateway.kill('SIGTERM');
  }
  for (const { code, stdout, stderr } of [await agent.ended, await gateway.ended]) {
    expect(code).toBe(0);
    expect(stdout + stderr).not.toMatch(warning);
  }
}

/** The page, and every script and style sheet that it names. */
async function expectPage(url: string): Promise<void> {
  const page = await (await fetch(url)).text();
  const files = [...page.matchAll(/(?:src|href)="(\.\/[^"]+\.(?:js|css))"/g)].map(([, file = '']) => file);
  expect(files.length).toBeGreaterThan(1);
  for (const file of files) expect((await fetch(new URL(file, `${url}/`))).status).toBe(200);
}
