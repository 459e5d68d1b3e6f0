import { describe, expect, it } from 'vitest';
import { methodsOf, surfacePaths } from '../../src/gateway/http/allowed-methods.ts';
import { OPERATIONS } from '../../src/gateway/index.ts';
import { testToken } from '../harness/connect-params.ts';
import { gatewayStarter, type ListeningGateway } from '../harness/listening-gateway.ts';
import { RawSocket } from '../harness/raw-socket.ts';

/** One route as it is served. */
interface Route {
  readonly method: string;
  /** With placeholders, as in the table of operations. */
  readonly path: string;
  /** Answers without a credential. */
  readonly isOpen: boolean;
  /** Answers without reading the query. */
  readonly ignoresQuery: boolean;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const start = gatewayStarter();
const open = ['/healthz', '/readyz', '/openapi.json'];
const routes: readonly Route[] = [
  ...OPERATIONS.flatMap(({ http }) =>
    http === undefined ? [] : [{ ...http, isOpen: false, ignoresQuery: false }],
  ),
  ...surfacePaths.map((path) => ({ method: 'GET', path, isOpen: open.includes(path), ignoresQuery: true })),
  { method: 'POST', path: '/mcp', isOpen: false, ignoresQuery: true },
];
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE'];
const methodsOfPath = methodsOf(OPERATIONS, ['/mcp']);
const bodies = ['POST', 'PUT', 'PATCH'];
/** Bodies that are taken; any other route takes an empty object. */
const goodBodies: Readonly<Record<string, unknown>> = {
  '/api/v1/beacons': { text: 'here', instanceId: 'desk' },
  '/api/v1/presence/{key}/annotations': { name: 'Desk' },
  '/api/v1/notices/mutes': { for: '1m' },
  '/mcp': { jsonrpc: '2.0', id: 1, method: 'ping' },
};
/** No notice is open in a gateway that has one row. */
const goodStatus: Readonly<Record<string, number>> = { '/api/v1/notices/{noticeId}/acknowledge': 400 };
const longestBody: Readonly<Record<string, number>> = { '/mcp': 65_536 };

/** A gateway with the row `desk`. */
async function inUse(): Promise<ListeningGateway> {
  const notices = { rules: [{ name: 'away', when: 'leaves', who: 'mode:node' }] } as const;
  const gateway = await start({ notices });
  const row = { method: 'POST', path: '/api/v1/beacons' };
  expect((await asked(gateway, row)).status).toBe(200);
  return gateway;
}

interface Ask {
  readonly version?: string;
  readonly query?: string;
  readonly fields?: readonly string[];
  readonly token?: string | null;
  readonly body?: string;
  readonly isChunked?: boolean;
}

/** Sends one request, byte by byte as it is written here, and reads its answer. */
async function asked(
  gateway: Pick<ListeningGateway, 'url'>,
  { method, path }: Pick<Route, 'method' | 'path'>,
  { version = '1.1', query = '', fields = [], token = testToken, body, isChunked = false }: Ask = {},
): Promise<Answer> {
  const text = body ?? (bodies.includes(method) ? JSON.stringify(goodBodies[path] ?? {}) : undefined);
  const target = `${path.replace('{key}', 'desk').replace('{noticeId}', 'n1')}${query}`;
  const length = text === undefined ? [] : [`Content-Length: ${Buffer.byteLength(text)}`];
  const lines = [
    `${method} ${target} HTTP/${version}`,
    ...(fields.some((field) => field.startsWith('Host:')) ? [] : ['Host: 127.0.0.1']),
    'Connection: close',
    'Content-Type: application/json',
    'Accept: application/json, text/event-stream',
    ...(token === null ? [] : [`Authorization: Bearer ${token}`]),
    ...(isChunked ? ['Transfer-Encoding: chunked'] : length),
    ...fields,
  ];
  const socket = new RawSocket(gateway.url);
  const payload = isChunked ? inChunks(text ?? '') : (text ?? '');
  socket.send(`${lines.join('\r\n')}\r\n\r\n${payload}`);
  const [statusLine = '', ...headers] = (await socket.head()).trimEnd().split('\r\n');
  const answer = {
    status: Number(statusLine.split(' ')[1]),
    headers: Object.fromEntries(
      headers.map((line) => [line.split(': ', 1)[0]?.toLowerCase(), valueOfLine(line)]),
    ),
  };
  if (answer.headers['content-type'] === 'text/event-stream') socket.destroy();
  await socket.closed;
  return { ...answer, body: socket.received.toString() };
}

function valueOfLine(line: string): string {
  return line.slice(line.indexOf(': ') + 2);
}

function inChunks(text: string): string {
  const half = Math.ceil(text.length / 2);
  const chunks = [text.slice(0, half), text.slice(half)].filter((chunk) => chunk !== '');
  return `${chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('')}0\r\n\r\n`;
}

function codeOf({ body }: Answer): unknown {
  return (JSON.parse(body) as { error: { code: unknown } }).error.code;
}

function goodStatusOf({ path }: Route): number {
  return goodStatus[path] ?? 200;
}

describe.each(routes)('$method $path', (route) => {
  const { method, path, isOpen } = route;
  const status = goodStatusOf(route);

  it('[PW11] answers by HTTP/1.1 and HTTP/1.0, at an absolute address, and behind an offer to upgrade', async () => {
    for (const ask of [
      {},
      { version: '1.0' },
      { fields: ['Upgrade: h2c'] },
      { fields: ['Host: LOCALHOST.:80'] },
      { fields: ['Host: [0:0:0:0:0:0:0:1]:80'] },
      { fields: ['Host: a:'] },
    ]) {
      expect((await asked(await inUse(), route, ask)).status, JSON.stringify(ask)).toBe(status);
    }
    const absolute = { ...route, path: `http://127.0.0.1${path}` };
    const body = goodBodies[path];
    const ask = body === undefined ? {} : { body: JSON.stringify(body) };
    expect((await asked(await inUse(), absolute, ask)).status).toBe(status);
  });

  it('[PW11] answers by every method that it has, and refuses every other with Allow', async () => {
    const gateway = await inUse();
    const allowed = methodsOfPath(path.replace('{key}', 'desk').replace('{noticeId}', 'n1')) ?? [];
    expect(allowed).toContain(method);
    const allow = [...allowed, 'OPTIONS'].join(', ');
    for (const other of methods.filter((name) => !allowed.includes(name))) {
      const answer = await asked(gateway, { method: other, path }, { body: '' });
      expect([other, answer.status, answer.headers['allow']]).toEqual([other, 405, allow]);
    }
    const options = await asked(gateway, { method: 'OPTIONS', path }, { token: null });
    expect([options.status, options.headers['allow'], options.body]).toEqual([204, allow, '']);
  });

  it('[PA4] requires a credential, or answers without', async () => {
    const gateway = await inUse();
    for (const token of [null, 'wrong', '']) {
      const answer = await asked(gateway, route, { token });
      expect(answer.status).toBe(isOpen ? 200 : 401);
      if (isOpen) continue;
      expect(answer.headers['www-authenticate']).toBe('Bearer realm="rollcall"');
      expect(codeOf(answer)).toBe('INVALID_REQUEST');
    }
  });

  it('[PW11] a host that names none or several: 400', async () => {
    const gateway = await inUse();
    for (const fields of [
      ['Host: 527.0.0.1'],
      ['Host:'],
      ['Host: a/b'],
      ['Host: a', 'Host: b'],
      ['Host: a, b'],
    ]) {
      const answer = await asked(gateway, route, { fields });
      expect([fields, answer.status, codeOf(answer)]).toEqual([fields, 400, 'INVALID_REQUEST']);
    }
    for (const target of ['http://527.0.0.1/', 'http://a:99999/', 'ftp://a/', 'http://[::1/']) {
      const answer = await asked(gateway, { method, path: target });
      expect([target, answer.status, codeOf(answer)]).toEqual([target, 400, 'INVALID_REQUEST']);
    }
  });
});

describe.each(routes.filter(({ isOpen }) => !isOpen))('$method $path, which needs a credential,', (route) => {
  it('[PA6] refuses a foreign origin, and two origins', async () => {
    const gateway = await inUse();
    const own = 'Origin: http://127.0.0.1';
    for (const fields of [
      ['Origin: https://evil.example'],
      [own, 'Origin: https://evil.example'],
      ['Origin: null'],
    ])
      expect([fields, (await asked(gateway, route, { fields })).status]).toEqual([fields, 403]);
    expect((await asked(gateway, route, { fields: [own] })).status).toBe(goodStatusOf(route));
  });
});

describe.each(routes.filter(({ method }) => method === 'GET'))('$path, which is read,', (route) => {
  const { path, isOpen, ignoresQuery } = route;

  it('[PW11] HEAD answers as GET does, without a body', async () => {
    const gateway = await inUse();
    const get = await asked(gateway, route);
    const head = await asked(gateway, { method: 'HEAD', path });
    expect(head.status).toBe(get.status);
    expect(head.headers['content-type']).toBe(get.headers['content-type']);
    expect(head.body).toBe('');
    if (!isOpen) expect((await asked(gateway, { method: 'HEAD', path }, { token: null })).status).toBe(401);
  });

  it('[PW9] an unknown query parameter is an error where it reads a query', async () => {
    const answer = await asked(await inUse(), route, { query: '?colour=red' });
    expect(answer.status).toBe(ignoresQuery ? 200 : 400);
    if (!ignoresQuery) expect(answer.body).toContain('/colour');
  });
});

describe.each(routes.filter(({ method }) => bodies.includes(method)))(
  '$method $path, which has a body,',
  (route) => {
    const { path } = route;
    const status = goodStatusOf(route);

    it('[PL1] accepts a body with a length and in chunks alike', async () => {
      for (const isChunked of [false, true])
        expect((await asked(await inUse(), route, { isChunked })).status).toBe(status);
    });

    it('[PL1] accepts the longest body, and refuses one byte more', async () => {
      const maxBytes = longestBody[path] ?? 1_048_576;
      const text = JSON.stringify(goodBodies[path] ?? {});
      for (const isChunked of [false, true]) {
        const gateway = await inUse();
        const longest = await asked(gateway, route, { isChunked, body: text.padEnd(maxBytes) });
        expect(longest.status).toBe(status);
        const longer = await asked(gateway, route, { isChunked, body: text.padEnd(maxBytes + 1) });
        expect([longer.status, codeOf(longer)]).toEqual([413, 'INVALID_REQUEST']);
      }
    });

    it('[PW11] a body that is encoded, or no JSON, is named', async () => {
      const gateway = await inUse();
      for (const fields of [['Content-Encoding: gzip'], ['Content-Encoding: br']]) {
        const answer = await asked(gateway, route, { fields });
        expect([answer.status, answer.headers['accept-encoding']]).toEqual([415, 'identity']);
      }
      const identity = await asked(gateway, route, { fields: ['Content-Encoding: identity'] });
      expect(identity.status).toBe(status);
      for (const body of ['{', '\u00ff', '"text"', '[[]]', 'null']) {
        const answer = await asked(gateway, route, { body });
        expect([body, answer.status, codeOf(answer)]).toEqual([body, 400, 'INVALID_REQUEST']);
      }
    });
  },
);

it('[PW11] OPTIONS of no path is answered', async () => {
  const answer = await asked(await start(), { method: 'OPTIONS', path: '*' }, { token: null });
  expect([answer.status, answer.headers['allow']]).toEqual([204, 'GET, HEAD, OPTIONS']);
});
