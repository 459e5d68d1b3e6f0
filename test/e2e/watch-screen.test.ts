import { afterEach, beforeEach, expect, it } from 'vitest';
import { freePort } from '../../bench/servers/local-port.ts';
import { eventually } from '../harness/eventually.ts';
import { describeWith } from '../harness/required-program.ts';
import {
  createCommandHome,
  type RollcallProcess,
  runRollcall,
  startRollcall,
} from '../harness/rollcall-process.ts';
import { startInTmux, type TmuxTerminal } from '../harness/tmux-terminal.ts';

const home = createCommandHome();
let port: number;
let gateway: RollcallProcess;
let terminal: TmuxTerminal;
let env: Record<string, string>;

async function startGateway(): Promise<void> {
  gateway = startRollcall(['gateway', '--port', String(port), '--log-level', 'silent'], env);
  await gateway.printed(`:${port}`);
}

async function stopGateway(): Promise<void> {
  gateway.kill('SIGKILL');
  await gateway.ended;
}

/** Describes an instance; `facts` are the flags of `rollcall beacon`. */
async function beacon(facts: Readonly<Record<string, string>>): Promise<void> {
  const { stderr } = await runRollcall(
    ['beacon', ...Object.entries(facts).flatMap(([name, value]) => [`--${name}`, value])],
    env,
  );
  expect(stderr).toBe('');
}

async function watch(columns = 110, rows = 14): Promise<void> {
  terminal = await startInTmux({ args: ['watch'], env, columns, rows });
}

/** The hosts in the order of the list. */
const hostsOf = (screen: string): readonly string[] =>
  [...screen.matchAll(/^[› ] (\S+) +[●◉◐○✕◌] \S+/gmu)].map(([, host = '']) => host);

beforeEach(async () => {
  port = await freePort();
  env = { ...home.env, ROLLCALL_TOKEN: 'secret', ROLLCALL_URL: `ws://127.0.0.1:${port}` };
  await startGateway();
  await beacon({
    'instance-id': 'desk',
    host: '東京-desk',
    mode: 'ui',
    ip: '192.0.2.8',
    'last-input-seconds': '30',
  });
  await beacon({
    'instance-id': 'camera',
    host: 'camera',
    mode: 'node',
    ip: '192.0.2.9',
    reason: 'periodic',
  });
});

afterEach(async () => {
  terminal?.close();
  await stopGateway();
});

describeWith(['tmux'], 'rollcall watch in a terminal', () => {
  it('[PS3] [PS4] shows rows that come, with ages and last input that tick', async () => {
    await watch();
    const screen = await terminal.shows((text) => hostsOf(text).length === 3);
    expect(screen).toMatch(/東京-desk +◉ reporting +Desktop \S+ +192\.0\.2\.8 +[3-5]\ds ago/);
    await beacon({ 'instance-id': 'late', host: 'latecomer', mode: 'probe' });
    await terminal.shows((text) => hostsOf(text)[2] === 'latecomer');
    const age = (text: string): number => Number(/camera .*?(\d+)s ago/.exec(text)?.[1]);
    const before = age(screen);
    await terminal.shows((text) => age(text) > before + 1);
    expect(hostsOf(screen)).not.toContain('rollcall');
  });

  it('sorts, filters, shows details and help', async () => {
    await watch();
    const [self] = hostsOf(await terminal.shows((text) => hostsOf(text).length === 3));
    expect(hostsOf(await terminal.shows((text) => text.includes('by name')))).toEqual([
      self,
      'camera',
      '東京-desk',
    ]);
    await terminal.press('S');
    expect(hostsOf(await terminal.shows((text) => text.includes('reversed')))).toEqual([
      self,
      '東京-desk',
      'camera',
    ]);
    await terminal.press('/', 'n', 'o', 'd', 'e', 'Space', 'c', 'a', 'm');
    await terminal.shows((text) => text.includes('/node cam') && hostsOf(text).join() === 'camera');
    await terminal.press('Enter', 'Enter');
    const detail = await terminal.shows((text) => text.includes('(from beacon)'));
    expect(detail).toMatch(/ip +192\.0\.2\.9 {2}\(from beacon\)/);
    await terminal.press('Escape');
    // The list again, not the details: two Esc bytes at once are one key.
    await terminal.shows((text) => hostsOf(text).join() === 'camera');
    await terminal.press('Escape');
    await terminal.shows((text) => hostsOf(text).length === 3);
    await terminal.press('?');
    expect(await terminal.shows((text) => text.includes('Keys'))).toContain('a acknowledges');
  });

  it('fits every size', async () => {
    await watch();
    await terminal.shows((text) => hostsOf(text).length === 3);
    await terminal.resize(48, 6);
    const small = await terminal.shows((text) => !text.includes('CONN') && text.includes('q quit'));
    expect(small.split('\n')).toHaveLength(6);
    expect(small).toMatch(/^› \S+ +● online/m);
    await terminal.resize(130, 20);
    await terminal.shows((text) => text.includes('CONN') && hostsOf(text).length === 3);
  });

  it('[PE3] keeps the rows, grey, while the gateway is away, and continues when it is back', async () => {
    await watch();
    await terminal.shows((text) => hostsOf(text).length === 3);
    await stopGateway();
    const lost = await terminal.shows((text) => text.includes('reconnecting'));
    expect(lost).toMatch(/as of \d\d:\d\d:\d\d/);
    expect(hostsOf(lost)).toHaveLength(3);
    const styled = await terminal.capture({ styles: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: dim is an escape sequence
    expect(styled.find((line) => line.includes('camera'))).toMatch(/\u001b\[(?:0;)?2m/);
    await startGateway();
    await terminal.shows((text) => text.includes('● connected') && !text.includes('as of'));
  });

  it('q restores the terminal', async () => {
    await watch();
    await terminal.shows((text) => hostsOf(text).length === 3);
    await terminal.press('q');
    const screen = await terminal.shows((text) => text.includes('exit 0'));
    expect(screen).not.toContain('STATE');
    await terminal.press('stty -a | grep -c " echo "', 'Enter');
    await terminal.shows((text) => /^1$/m.test(text));
  });

  it('Ctrl+C too; a refusal stays on the terminal, with what to do', async () => {
    env = { ...env, ROLLCALL_TOKEN: 'wrong' };
    await watch();
    const screen = await terminal.shows((text) => text.includes('✗ refused'));
    expect(screen).toMatch(/set\s+ROLLCALL_TOKEN/);
    await terminal.press('C-c');
    const left = await terminal.shows((text) => text.includes('exit 1'));
    expect(left).toContain('wrong token for');
  });

  it('without colour the text is the same', async () => {
    env = { ...env, NO_COLOR: '1' };
    await watch();
    const screen = await terminal.shows((text) => hostsOf(text).length === 3);
    // The clock of the screen goes on: two captures within the same second are compared.
    await eventually(async () => {
      const styled = await terminal.capture({ styles: true });
      return styled.join('\n') === (await terminal.capture()).join('\n');
    });
    expect(screen).toMatch(/^› \S+ +● online/m);
  });
});
