import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { testToken } from '../harness/connect-params.ts';
import { fillOffice } from '../harness/office.ts';
import { startPageFixture } from '../harness/page-fixture.ts';
import { type RecordedScreen, terminalSvg } from '../harness/terminal-svg.ts';
import { startInTmux, type TmuxTerminal } from '../harness/tmux-terminal.ts';

/** Where the recording goes: the folder `SCREENSHOTS`, or that of the documentation. */
const folder =
  process.env['SCREENSHOTS'] ?? fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));
const size = { columns: 100, rows: 24 };

it('records a session of rollcall watch', async () => {
  const home = mkdtempSync(join(tmpdir(), 'rollcall-recording-'));
  const rules = [{ name: 'node-left', when: 'leaves', who: 'mode:node', severity: 'critical' }] as const;
  const fixture = await startPageFixture({ notices: { rules, deliveries: [] } });
  const env = { HOME: home, ROLLCALL_TOKEN: testToken, ROLLCALL_URL: `ws://127.0.0.1:${fixture.port}` };
  const screens: RecordedScreen[] = [];
  let terminal: TmuxTerminal | undefined;
  const take = async (ms: number): Promise<void> => {
    const lines = (await terminal?.capture({ styles: true })) ?? [];
    // The port of this recording is nobody's.
    screens.push({ lines: lines.map((line) => line.replaceAll(String(fixture.port), '18789')), ms });
  };
  try {
    await fillOffice(fixture);
    const leave = await fixture.connect({
      id: 'node',
      mode: 'node',
      instanceId: 'lab-pi',
      displayName: 'lab-pi',
    });
    terminal = await startInTmux({ args: ['watch'], env, ...size });
    await terminal.shows((text) => text.includes('lab-pi') && text.includes('Needs attention'));
    await terminal.press('q');
    await terminal.shows((text) => text.includes('exit 0'));
    terminal.close();
    await fixture.connect({ id: 'web', mode: 'webchat', instanceId: 'phone', displayName: 'Grace’s phone' });

    terminal = await startInTmux({ args: ['watch'], env, ...size });
    await terminal.shows((text) => text.includes('joined: Grace’s phone'));
    await take(3_000);
    leave.stop();
    await terminal.shows((text) => /Just left: lab-pi/.test(text) && /notice \(n\)/.test(text));
    await take(3_000);
    await terminal.press('n');
    await terminal.shows((text) => text.includes('critical'));
    await take(2_500);
    await terminal.press('a');
    await terminal.shows((text) => text.includes('acknowledged by'));
    await take(2_000);
    await terminal.press('Escape');
    await terminal.shows((text) => text.includes('Just left'));
    await terminal.press('/');
    for (const key of ['m', 'o', 'd', 'e', ':', 'n', 'o', 'd', 'e']) {
      await terminal.press(key);
      await take(key === ':' ? 250 : 130);
    }
    await terminal.shows((text) => text.includes('/mode:node'));
    await take(1_500);
    await terminal.press('Enter');
    await terminal.press('G');
    await terminal.shows((text) => text.includes('q quit'));
    await take(1_000);
    await terminal.press('Enter');
    await terminal.shows((text) => text.includes('Esc back'));
    await take(3_000);
    await terminal.press('t');
    await terminal.shows((text) => !text.includes('Loading') && !text.includes('last heard'));
    await take(3_000);
  } finally {
    terminal?.close();
    await fixture.close();
    rmSync(home, { recursive: true });
  }
  const svg = terminalSvg({ screens, ...size, title: 'rollcall watch' });
  expect(svg.length).toBeLessThan(400_000);
  writeFileSync(join(folder, 'watch.svg'), svg);
});
