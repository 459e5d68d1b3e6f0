import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway/index.ts';
import { assertEveryFrame } from '../harness/frame-recorder.ts';

assertEveryFrame();

const root = fileURLToPath(new URL('../..', import.meta.url));
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A folder in which `rollcall` can be imported as it is installed. */
async function projectFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-example-'));
  cleanups.push(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'node_modules'));
  await symlink(root, join(folder, 'node_modules/rollcall'));
  return folder;
}

/** Starts the example of docs/client.md, which keeps its id in `folder`. */
async function startExample(env: Readonly<Record<string, string>>) {
  const folder = await projectFolder();
  const document = await readFile(join(root, 'docs/client.md'), 'utf8');
  const example = /```js\n(.*?)```/s.exec(document)?.[1] ?? '';
  await writeFile(join(folder, 'example.mjs'), example);
  const child = spawn(process.execPath, ['example.mjs'], {
    cwd: folder,
    env: { ...process.env, XDG_STATE_HOME: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  cleanups.push(async () => {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  return Object.assign(child, { folder });
}

it('[F9] the example of docs/client.md prints what to do when its token is wrong, and exits 1', async () => {
  const gateway = createGateway({ port: 0, auth: { mode: 'token', token: 'secret' } });
  const { url } = await gateway.start();
  cleanups.push(() => gateway.close());
  const child = await startExample({ ROLLCALL_URL: url, ROLLCALL_TOKEN: 'wrong' });
  const lines: string[] = [];
  for await (const line of createInterface(child.stderr)) lines.push(line);
  if (child.exitCode === null) await once(child, 'exit');
  expect(child.exitCode).toBe(1);
  expect(lines.join(' ')).toMatch(/token/);
});

it('the example of docs/client.md runs as it is written and shows who is there', async () => {
  const gateway = createGateway({ port: 0, auth: { mode: 'token', token: 'secret' } });
  const { url } = await gateway.start();
  cleanups.push(() => gateway.close());
  const child = await startExample({ ROLLCALL_URL: url, ROLLCALL_TOKEN: 'secret' });
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    lines.push(line);
    if (line.includes('my dashboard')) break;
  }
  expect(lines.find((line) => line.includes('my dashboard'))).toMatch(/^join \S+ my dashboard active$/);
  expect(lines[0]).toMatch(/^join \S+ \S+ active$/);
  expect(await readFile(join(child.folder, 'rollcall/my-dashboard.json'), 'utf8')).toContain('instanceId');
});
