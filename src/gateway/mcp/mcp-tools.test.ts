import { describe, expect, it } from 'vitest';
import { ok } from '../../core/index.ts';
import { schemaCheck } from '../../protocol/index.ts';
import { OPERATIONS } from '../operations/registry.ts';
import { explainAbsence } from './explain-absence.ts';
import { readResource } from './mcp-resources.ts';
import { loadMcp, MCP_TOOLS } from './mcp-server.ts';
import type { CallOperation, McpTool } from './mcp-tool.ts';
import { whoIsHere } from './who-is-here.ts';

const now = Date.UTC(2026, 10, 28, 21);
const ago = (seconds: number): number => now - seconds * 1_000;

interface Answers {
  readonly instances?: readonly object[];
  readonly departed?: readonly object[];
  readonly entries?: readonly object[];
}

/** A gateway that answers what it is given; it filters by plain words alone. */
const answering =
  ({ instances = [], departed, entries }: Answers): CallOperation =>
  async (method, params) => {
    if (method === 'presence.journal')
      return entries === undefined ? { ok: false, error: 'unknown method' } : ok({ entries, cursor: 'c' });
    const { q = '', departed: since } = params as { readonly q?: string; readonly departed?: string };
    if (since !== undefined && departed === undefined) return { ok: false, error: 'not known' };
    const rows = since === undefined ? instances : (departed ?? []);
    const fits = (row: object): boolean => JSON.stringify(row).includes(q.replaceAll('"', ''));
    return ok({ now, truncated: false, instances: rows.filter(fits) });
  };

async function call(tool: McpTool, args: object, answers: Answers) {
  const answer = await tool.call(args, answering(answers));
  if (!answer.ok) throw new Error(answer.error);
  expect(schemaCheck(tool.output)(answer.value.data)).toBeUndefined();
  return answer.value as { readonly text: string; readonly data: Readonly<Record<string, unknown>> };
}

const camera = { key: 'cam', host: 'camera', mode: 'node', ts: ago(30), connections: 0, sources: {} };

describe('the tools of MCP', () => {
  it('[PM1] call operations that read, and nothing else', () => {
    const reading = new Set(
      OPERATIONS.filter(({ scope }) => scope === 'operator.read').map(({ name }) => name),
    );
    for (const { operations } of MCP_TOOLS) for (const name of operations) expect(reading).toContain(name);
  });

  it.each([
    [{ ...camera, connections: 1 }, 'present', 'is online'],
    [{ ...camera, sources: { host: 'beacon', mode: 'beacon' } }, 'present', 'is reporting'],
    [
      {
        ...camera,
        disconnectedAtMs: ago(30),
        cause: { code: 'connection-lost', evidence: 'no answer to pings for 50 s' },
      },
      'absent',
      'is disconnected since 2026-11-28 20:59:30 UTC (30 seconds ago): connection lost, evidence "no answer to pings for 50 s"',
    ],
    [
      { ...camera, unreachableSinceMs: ago(90) },
      'not-known',
      'unreachable since 2026-11-28 20:58:30 UTC (1 minute ago)',
    ],
  ])('[PM3] [PM5] explain_absence of %j is %s', async (row, verdict, sentence) => {
    const { text, data } = await call(explainAbsence, { who: 'camera' }, { instances: [row], entries: [] });
    expect(data['verdict']).toBe(verdict);
    expect(text).toContain(sentence);
  });

  it('[PM3] explain_absence states who left, how often, and which rows may be meant instead', async () => {
    const left = { ...camera, state: 'disconnected', leftAtMs: ago(7_200), cause: { code: 'expired' } };
    const entries = [1, 2].map((id) => ({
      id,
      at: ago(8_000 - id),
      kind: 'left',
      key: 'cam',
      host: 'camera',
    }));
    const gone = await call(explainAbsence, { who: 'cam' }, { departed: [left], entries });
    expect(gone.data).toMatchObject({ verdict: 'absent', departures: 2 });
    expect(gone.text).toContain('"camera" left at 2026-11-28 19:00:00 UTC (2 hours ago): expired');
    const other = { ...camera, key: 'cam-2', host: 'camera two' };
    const several = await call(
      explainAbsence,
      { who: 'cam' },
      { instances: [{ ...camera, key: 'c' }, other] },
    );
    expect(several.data['verdict']).toBe('several');
    const one = await call(explainAbsence, { who: 'CAMERA' }, { instances: [camera] });
    expect(one.text).toContain('Nothing is known of "CAMERA"');
    expect(one.text).toContain('"camera" is spelt like it');
    const exact = await call(explainAbsence, { who: 'camera' }, { instances: [camera, other] });
    expect(exact.data['verdict']).toBe('present');
    expect(exact.text).toContain('This gateway tells nothing of the past.');
  });

  it('[PM6] lists so many, and counts the others', async () => {
    const instances = Array.from({ length: 60 }, (_, index) => ({ ...camera, key: `cam-${index}` }));
    const { text, data } = await call(whoIsHere, {}, { instances });
    expect(data).toMatchObject({ instances: 60, leftOut: 10 });
    expect(data['rows']).toHaveLength(50);
    expect(text).toContain('10 more are not listed');
    const wrong = await whoIsHere.call({ limit: 201 }, answering({}));
    expect(wrong).toMatchObject({ ok: false, error: expect.stringContaining('at /limit') });
  });

  it('[PM3] an instance is a resource whatever its key is', async () => {
    const key = 'a/b?c "d" \\ é';
    const read = await readResource(`rollcall://instances/${encodeURIComponent(key)}`, async () =>
      ok({ now, truncated: false, instances: [{ ...camera, key }] }),
    );
    expect(read).toMatchObject({ ok: true, value: { said: { key } } });
    for (const uri of [
      'rollcall://instances/',
      'rollcall://instances/%',
      'file:///etc/passwd',
      'rollcall://presence/x',
    ])
      expect(await readResource(uri, answering({ instances: [camera] }))).toEqual(ok(undefined));
  });

  it('[PM8] states what to install', async () => {
    const missing = Object.assign(new Error('missing'), { code: 'ERR_MODULE_NOT_FOUND' });
    const loaded = await loadMcp(() => Promise.reject(missing));
    expect(loaded).toMatchObject({
      ok: false,
      error: expect.stringContaining('npm install @modelcontextprotocol/sdk'),
    });
    await expect(loadMcp(() => Promise.reject(new Error('other')))).rejects.toThrow('other');
  });
});
