import { afterEach, beforeEach, expect, it } from 'vitest';
import { freePort } from '../../bench/servers/local-port.ts';
import { createPresenceClient } from '../../src/client/index.ts';
import { wsSocket } from '../../src/client/node/index.ts';
import { describeWith } from '../harness/required-program.ts';
import {
  type CommandHome,
  createCommandHome,
  type RollcallProcess,
  runRollcall,
  startRollcall,
} from '../harness/rollcall-process.ts';
import { startInTmux, type TmuxTerminal } from '../harness/tmux-terminal.ts';
import { until } from '../harness/until.ts';

const token = 'secret-of-the-test';
let home: CommandHome;
let env: Record<string, string>;
let gateway: RollcallProcess;
let terminal: TmuxTerminal | undefined;

const watch = async (): Promise<TmuxTerminal> => {
  terminal?.close();
  terminal = await startInTmux({ args: ['watch'], env, columns: 80, rows: 24 });
  return terminal;
};

async function beacon(facts: Readonly<Record<string, string>>): Promise<void> {
  const flags = Object.entries(facts).flatMap(([name, value]) => [`--${name}`, value]);
  expect((await runRollcall(['beacon', ...flags], env)).stderr).toBe('');
}

/** A client that connects, and disconnects on request. */
async function visitor(host: string): Promise<() => void> {
  const client = createPresenceClient({
    url: env['ROLLCALL_URL'] ?? '',
    token,
    client: { id: 'test', mode: 'node', instanceId: host, displayName: host },
    createSocket: wsSocket(),
  });
  client.start();
  await until(client, ({ state }) => state.phase === 'connected');
  return () => client.stop();
}

beforeEach(async () => {
  home = createCommandHome();
  const port = await freePort();
  const rules = [{ name: 'node-left', when: 'leaves', who: 'mode:node', severity: 'critical' }];
  env = { ...home.env, ROLLCALL_TOKEN: token, ROLLCALL_URL: `ws://127.0.0.1:${port}` };
  gateway = startRollcall(['gateway', '--port', String(port), '--log-level', 'silent'], {
    ...env,
    ROLLCALL_NOTICES: JSON.stringify({ rules, deliveries: [] }),
  });
  await gateway.printed(`:${port}`);
});
afterEach(async () => {
  terminal?.close();
  terminal = undefined;
  gateway.kill('SIGKILL');
  await gateway.ended;
  home.remove();
});

describeWith(['tmux'], 'the first screen of rollcall watch, 80 x 24', () => {
  it('[PS5] [PS6] [PN16] answers who is here, who left, what changed since the last visit, and what is wrong', async () => {
    await beacon({ 'instance-id': 'desk', host: 'desk', mode: 'ui', 'last-input-seconds': '30' });
    const first = await watch();
    await first.shows((text) => /All good/.test(text) && /In the last hour: joined: desk/.test(text));
    await first.press('q');
    await first.shows((text) => text.includes('exit 0'));

    const leave = await visitor('kitchen-pi');
    await beacon({ 'instance-id': 'camera', host: 'camera', mode: 'node' });
    await runRollcall(['name', 'camera', 'Front door'], env);
    leave();
    const second = await watch();
    const screen = await second.shows((text) =>
      ['Needs attention', 'came and went', 'Just left'].every((words) => text.includes(words)),
    );
    expect(screen.split('\n').length).toBeLessThanOrEqual(24);
    // Who is here, by the name that the operator gave.
    expect(screen).toMatch(/^[› ] desk +◉ reporting +Desktop/m);
    expect(screen).toMatch(/^[› ] Front door +◉ reporting +Node/m);
    expect(screen).toMatch(/^People and apps 1\n[› ] desk /m);
    // Who left, and why.
    expect(screen).toMatch(/^Needs attention 1\n[› ] kitchen-pi /m);
    expect(screen).toMatch(/^Just left: kitchen-pi \d+s \(closed the connection\)$/m);
    expect(screen).toMatch(/^[› ] kitchen-pi +✕ disconnected \d+s/m);
    // What changed since the last visit.
    expect(screen).toMatch(/^Since you last looked, .* ago: joined: camera · came and went: kitchen-pi$/m);
    // What is wrong.
    expect(screen).toMatch(/^Needs attention: 1 notice \(n\)$/m);

    await second.press('n');
    await second.shows((text) => /^› critical \d+s ago {2}kitchen-pi left \(closed/m.test(text));
    await second.press('a');
    await second.shows((text) => /acknowledged by/.test(text) && /Acknowledged: it is not/.test(text));
    await second.press('Escape');
    await second.shows((text) => /^Otherwise all good$/m.test(text));
  });
});
