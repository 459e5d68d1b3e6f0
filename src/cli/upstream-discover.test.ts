import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Bonjour } from 'bonjour-service';
import { afterEach, expect, it } from 'vitest';
import type { CommandContext } from './command-context.ts';
import { announced, cellsOf, discoverUpstreams } from './upstream-discover.ts';

const endings: (() => void)[] = [];
afterEach(() => {
  for (const end of endings.splice(0)) end();
});

/** A shell in which `openclaw` prints a text and ends with a code. */
function context(fleet: string, code = 0) {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-discover-'));
  endings.push(() => rmSync(folder, { recursive: true, force: true }));
  const script = `#!/bin/sh\n[ "$*" = "fleet list --json" ] || exit 9\ncat <<'END'\n${fleet}\nEND\nexit ${code}\n`;
  writeFileSync(join(folder, 'openclaw'), script, { mode: 0o755 });
  const [printed, complained]: [string[], string[]] = [[], []];
  const shell = {
    env: { PATH: `${folder}${delimiter}${process.env['PATH']}` },
    homeFolder: folder,
    columns: undefined,
    print: (text: string) => void printed.push(text),
    complain: (text: string) => void complained.push(text),
  };
  return { printed, complained, context: { shell } as unknown as CommandContext };
}

it('[PU17] lists what the network announces and the cells of a fleet, with the command that adds each', async () => {
  const publisher = new Bonjour();
  endings.push(() => publisher.destroy());
  const name = `Studio ${process.pid}`;
  publisher.publish({ name, type: 'openclaw-gw', port: 18789, txt: { displayName: name, gatewayTls: '1' } });
  const {
    context: here,
    printed,
    complained,
  } = context('{"cells":[{"tenant":"acme","state":"running","port":18801}]}');
  expect(await discoverUpstreams(here, { wait: '2' })).toMatchObject({ ok: true });
  expect(complained).toEqual([]);
  expect(printed.join('\n')).toContain('rollcall upstream add acme ws://127.0.0.1:18801');
  expect(printed.join('\n')).toMatch(
    new RegExp(`network +rollcall upstream add studio-${process.pid} wss://[\\d.]+:18789`),
  );
});

it('[PU17] reports that a fleet cannot be listed, and continues', async () => {
  const { context: here, printed, complained } = context('', 3);
  expect(await discoverUpstreams(here, { wait: '0', json: true })).toMatchObject({ ok: true });
  expect(complained[0]).toMatch(/openclaw fleet list failed/);
  expect(JSON.parse(printed.join('\n'))).toBeInstanceOf(Array);
});

it('[PU17] a hostile announcement becomes a plain name and an address, or nothing', () => {
  const txt = { displayName: '$(rm -rf ~); `x`\u001b[31m', gatewayPort: '70000' };
  const service = { name: 'x', port: 18789, addresses: ['fe80::1', '192.0.2.7'] };
  expect(announced({ ...service, txt })).toBeUndefined();
  expect(announced({ ...service, txt: { ...txt, gatewayPort: '18789' } })).toEqual({
    name: 'rm--rf-x-31m',
    url: 'ws://192.0.2.7:18789',
    from: 'network',
  });
  expect(announced({ ...service, addresses: ['$(x)', 'fe80::1'], txt: {} })).toBeUndefined();
});

it.each(['', 'null', '[]', '{"cells":{}}', '{"cells":[null,{"port":0},{"port":"x"}]}'])(
  '[PU17] a fleet that answers %j has no cells',
  (text) => expect(cellsOf(text)).toEqual([]),
);
