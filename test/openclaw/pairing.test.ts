import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it, type TestContext } from 'vitest';
import { skipNote } from '../harness/required-program.ts';
import {
  type CommandHome,
  createCommandHome,
  type RollcallProcess,
  runRollcall,
  startRollcall,
} from '../harness/rollcall-process.ts';
import { type AnotherHost, createAnotherHost } from './another-host.ts';
import {
  createOpenClawHome,
  installOpenClaw,
  type OpenClawHome,
  type OpenClawProcess,
  tokenFileOf,
} from './openclaw.ts';

let missing: string | undefined;
let host: AnotherHost | undefined;
let office: OpenClawHome;
let gateway: OpenClawProcess;
let commands: CommandHome;
const started: RollcallProcess[] = [];

beforeAll(async () => {
  missing = installOpenClaw();
  if (missing !== undefined) return;
  const made = createAnotherHost();
  if (typeof made === 'string') {
    missing = made;
    return;
  }
  host = made;
  commands = createCommandHome();
  office = await createOpenClawHome('office', {}, host);
  gateway = office.start('gateway', 'run', '--port', String(office.port), '--bind', 'lan');
  await gateway.says('[gateway] ready');
});

afterAll(async () => {
  for (const one of started) one.kill('SIGKILL');
  await gateway?.kill();
  office?.remove();
  commands?.remove();
  host?.remove();
});

beforeEach((context: TestContext) => {
  if (missing !== undefined) context.skip(skipNote(missing));
});

/** Approves the request that a command prints, as it prints it. */
async function approve(waiting: RollcallProcess, printedBehind: string): Promise<void> {
  const printed = await waiting.logged(printedBehind);
  const [, request = ''] = /openclaw devices approve ([\w-]{36})/.exec(printed) ?? [];
  await office.run('devices', 'approve', request);
}

const upstream = (...args: readonly string[]) => runRollcall(['upstream', ...args], commands.env);

it('[PU19] a gateway on another computer is read by a paired device, which then needs its own token alone', async () => {
  const withToken = ['--token-file', tokenFileOf(office)];
  const alone = await upstream('add', 'office', office.url, '--device');
  expect(alone.stderr).toContain(`rollcall upstream add office ${office.url} --device --token-file FILE`);
  const unpaired = await upstream('add', 'office', office.url, ...withToken);
  expect(unpaired.stderr).toContain(`rollcall upstream add office ${office.url} --device --token-file FILE`);
  const args = ['upstream', 'add', 'office', office.url, '--device', ...withToken];
  const adding = startRollcall(args, commands.env);
  started.push(adding);
  await approve(adding, 'Waiting;');
  await adding.printed('added office: up');
  await adding.ended;
  const kept = join(commands.folder, '.local', 'state', 'rollcall', 'upstreams.json');
  expect(readFileSync(kept, 'utf8')).not.toContain('tokenFile');
  expect(await upstream('test', 'office')).toMatchObject({ code: 0 });
});

it('[PU15] the agent waits until its device is approved there, and names the request', async () => {
  const target = `--url=${office.url},tokenFile=${tokenFileOf(office)}`;
  const agent = startRollcall(['agent', '--name', 'Desk', target], commands.env);
  started.push(agent);
  await approve(agent, 'this agent waits');
  await agent.logged(`connected to ${office.url}`);
});
