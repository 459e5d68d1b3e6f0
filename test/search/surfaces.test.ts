import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ListFlags, runList } from '../../src/cli/list-command.ts';
import type { Shell } from '../../src/cli/shell.ts';
import { WatchedRows } from '../../src/cli/watch/watched-rows.ts';
import type { Instance } from '../../src/client/index.ts';
import {
  createMatcher,
  englishWords,
  knownModes,
  presenceStateOf,
  presenceStates,
  readQuery,
} from '../../src/viewer/index.ts';
import { languageCodes, languages } from '../../src/web/i18n/languages.ts';
import type { Words } from '../../src/web/i18n/words.ts';
import { createSearch } from '../../src/web/state/search.ts';
import { EventStream } from '../harness/event-stream.ts';
import { type FakeGateway, startFakeGateway } from '../harness/fake-gateway.ts';
import { askHttp, openHttp } from '../harness/http-client.ts';
import { queryCases, queryNowMs, queryRows } from '../harness/query-cases.ts';
import { type QuerySurface, startQuerySurface } from '../harness/query-surface.ts';

/** Finds rows by a query; keys in the order of {@link queryRows}. */
type Find = (query: string) => Promise<string> | string;

const rows = queryRows as readonly Instance[];
let surface: QuerySurface;
let gateway: FakeGateway;
let client: Client;
let streamed: readonly Instance[];
const words = new Map<string, Words>();

const inOrder = (keys: Iterable<string>): string => {
  const found = new Set(keys);
  return queryRows.flatMap(({ key }) => (found.has(key) ? [key] : [])).join(' ');
};

beforeAll(async () => {
  surface = await startQuerySurface();
  const list = { now: queryNowMs, truncated: false, instances: queryRows };
  gateway = await startFakeGateway({ answers: { 'presence.list': () => ({ payload: list }) } });
  client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${surface.url}/mcp`)) as Transport);
  const stream = new EventStream(await openHttp(surface, '/api/v1/presence/stream'));
  streamed = (await stream.event('snapshot')).data.upsert;
  stream.response.destroy();
  for (const code of languageCodes) {
    const { loadFirst, loadLater } = languages[code];
    words.set(code, { ...(await loadFirst()), ...(await loadLater()) });
  }
});
afterAll(async () => {
  await client.close();
  await gateway.close();
  await surface.close();
});

const surfaces: Readonly<Record<string, Find>> = {
  async 'q of GET /api/v1/presence'(query) {
    const { json } = await askHttp(surface, `/api/v1/presence?q=${encodeURIComponent(query)}`);
    return inOrder(json.instances.map(({ key }: { readonly key: string }) => key));
  },
  async 'who_is_here of MCP'(query) {
    const { structuredContent } = await client.callTool({
      name: 'who_is_here',
      arguments: { q: query, limit: 200 },
    });
    const { rows: found } = structuredContent as { readonly rows: readonly { said: { key: string } }[] };
    return inOrder(found.map(({ said }) => said.key));
  },
  'the rows of GET /api/v1/presence/stream'(query) {
    const fits = createMatcher({ words: englishWords });
    return inOrder(
      streamed.filter((row) => fits(readQuery(query).query, row, queryNowMs)).map(({ key }) => key),
    );
  },
  async 'q of GET /api/v1/presence/stream'(query) {
    const path = `/api/v1/presence/stream?q=${encodeURIComponent(query)}`;
    const stream = new EventStream(await openHttp(surface, path));
    const { data } = await stream.event('snapshot');
    stream.response.destroy();
    return inOrder(data.upsert.map(({ key }: { readonly key: string }) => key));
  },
  'the filter of rollcall watch'(query) {
    const watched = new WatchedRows();
    watched.read(rows, { order: { by: 'name', descending: false }, filter: query }, queryNowMs);
    return inOrder(watched.slice(0, watched.count).map(({ key }) => key));
  },
  'the words of rollcall list': (query) => listed([query], {}),
  'the search of the page'(query) {
    return pageFind('en', query);
  },
};

/** Keys that `rollcall list` prints. */
async function listed(query: readonly string[], flags: ListFlags): Promise<string> {
  const printed: string[] = [];
  const shell: Shell = {
    env: { ROLLCALL_URL: gateway.url, ROLLCALL_TOKEN: 'any' },
    ...{ homeFolder: undefined, hostName: undefined, platform: 'test', columns: undefined, colour: false },
    nowMs: () => queryNowMs,
    print: (text) => void printed.push(text),
    complain: () => {},
    onStopSignal: () => () => {},
    onFault: () => {},
    exit: () => {},
  };
  // With a sort it never prints the gateway's own array.
  const ended = await runList({ shell, version: '0.0.0' }, query, { ...flags, json: true, sort: 'name' });
  if (!ended.ok) throw new Error(ended.error.message);
  return inOrder(JSON.parse(printed.join('\n')).map(({ key }: { readonly key: string }) => key));
}

function pageFind(code: string, query: string): string {
  const t = words.get(code);
  if (t === undefined) throw new Error(`no words of ${code}`);
  return inOrder(rows.filter(createSearch(t).fitting(query, queryNowMs)).map(({ key }) => key));
}

describe.each(Object.entries(surfaces))('%s', (_, find) => {
  it('[PQ1] [PQ2] finds what every other surface finds', async () => {
    for (const [query, keys] of queryCases) expect(await find(query), query).toBe(keys);
  });

  it('[PQ1] [PS5] [F3] finds the words in which states and modes are shown', async () => {
    for (const state of presenceStates) {
      const wanted = rows.filter((row) => presenceStateOf(row, queryNowMs) === state);
      const found = await find(`"${englishWords.states[state]}"`);
      for (const { key } of wanted) expect(found.split(' '), state).toContain(key);
    }
    for (const mode of knownModes) {
      const found = await find(`"${englishWords.modes[mode]}"`);
      for (const row of rows) if (row.mode === mode) expect(found.split(' '), mode).toContain(row.key);
    }
  });
});

describe('the flags of rollcall list', () => {
  it.each([
    [{ state: 'idle,disconnected' }, 'state:idle,disconnected'],
    [{ mode: 'UI' }, 'mode:ui'],
    [{ gateway: 'attic,cellar' }, 'gateway:attic,cellar'],
    [{ mode: 'ui,node', state: 'online,reporting' }, 'mode:ui,node state:online,reporting'],
  ])('[PQ1] %j finds what %s finds', async (flags, query) => {
    expect(await listed([], flags)).toBe(await listed([query], {}));
    expect(await listed([], flags)).not.toBe('');
  });

  it('[PQ1] --owner names a whole owner, and fits together with words', async () => {
    expect(await listed([], { owner: 'anna keller' })).toBe('mac');
    expect(await listed(['-mode:ui'], { owner: 'anna keller' })).toBe('');
  });
});

describe.each(languageCodes)('the search of the page in %s', (code) => {
  /** What occurs in the words of one language and not in those of another: `Desktop app`, `Desktop-App`. */
  const english = new Set(['desktop', '-']);

  it('[PQ1] finds what every other surface finds', () => {
    for (const [query, keys] of queryCases)
      if (code === 'en' || !english.has(query)) expect(pageFind(code, query), query).toBe(keys);
  });

  it('[PQ1] [PQ2] finds its own words for states, modes and causes, composed or not, in any letter case', () => {
    const { states, modes, causes } = words.get(code) ?? englishWords;
    for (const row of rows) {
      const shown = [
        states[presenceStateOf(row, queryNowMs)],
        ...knownModes.flatMap((mode) => (mode === row.mode ? [modes[mode]] : [])),
        ...(row.cause === undefined ? [] : [causes[row.cause.code]]),
      ];
      for (const word of shown)
        for (const form of [word, word.normalize('NFD'), word.toUpperCase()])
          expect(pageFind(code, `"${form}"`).split(' '), form).toContain(row.key);
    }
  });
});
