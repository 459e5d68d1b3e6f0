import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InstanceView } from '../../core/index.ts';
import { commandSend } from './command-delivery.ts';
import { discoveryMessages, removalMessages, stateMessages, topicId } from './home-assistant.ts';
import type { NoticeMessage } from './notice.ts';
import type { WebhookConfig } from './notices-config.ts';
import { webhookSend } from './webhook-delivery.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const older = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';

const message: NoticeMessage = {
  type: 'presence.left',
  timestamp: '2026-01-01T00:00:00.000Z',
  data: {
    noticeId: 'n1',
    rule: 'away',
    severity: 'warning',
    state: 'open',
    subject: { key: 'pi', host: '<pi> & co' },
    cause: { code: 'connection-lost', evidence: 'no answer' },
    count: 1,
    since: '2026-01-01T00:00:00.000Z',
    instance: null,
  },
};
const queued = { id: 'n1-1', message, queuedAtMs: 0 };

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let folder = '';
let server: Server;
let url = '';
let received: Received[] = [];
let answer: { status: number; headers?: Record<string, string> } = { status: 204 };

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-webhook-'));
  received = [];
  answer = { status: 204 };
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => {
      received.push({ headers: request.headers, body });
      response.writeHead(answer.status, answer.headers).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
});

afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

function secretFile(...lines: string[]): string {
  const file = join(folder, 'secret');
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  return file;
}

const send = (config: Partial<WebhookConfig>, now = Date.now): ReturnType<ReturnType<typeof webhookSend>> =>
  webhookSend({ name: 'ops', type: 'webhook', url, ...config }, now)(queued, AbortSignal.timeout(5_000));

describe('webhookSend', () => {
  it('[PN11] is signed by Standard Webhooks, with both secrets while one replaces the other', async () => {
    expect(await send({ secretFile: secretFile(secret, older) })).toBeUndefined();
    const [{ headers, body } = { headers: {}, body: '' }] = received;
    expect(headers['webhook-id']).toBe('n1-1');
    for (const known of [secret, older]) {
      expect(new Webhook(known).verify(body, headers as Record<string, string>)).toEqual(message);
    }
    const other = new Webhook('whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA');
    expect(() => other.verify(body, headers as Record<string, string>)).toThrow();
  });

  it('[PN11] follows no redirect, gives up at 410, and takes 2xx alone', async () => {
    const file = secretFile(secret);
    answer = { status: 302, headers: { location: url } };
    expect(await send({ secretFile: file })).toMatchObject({
      retry: true,
      problem: expect.stringContaining('redirects'),
    });
    expect(received).toHaveLength(1);
    answer = { status: 410 };
    expect(await send({ secretFile: file })).toMatchObject({ retry: false });
    answer = { status: 429, headers: { 'retry-after': '7' } };
    expect(await send({ secretFile: file })).toEqual({ problem: 'HTTP 429', retry: true, waitMs: 7_000 });
  });

  it('[PN11] states what is wrong without a secret in it', async () => {
    expect(await send({ secretFile: join(folder, 'none') })).toMatchObject({
      problem: expect.stringContaining('ENOENT'),
    });
    const failure = await send({ secretFile: secretFile('not base64!') });
    expect(failure?.problem).toContain('base64');
    expect(failure?.problem).not.toContain('not base64!');
    expect(await send({ url: 'http://127.0.0.1:18/', secretFile: secretFile(secret) })).toMatchObject({
      problem: 'ECONNREFUSED',
    });
  });

  it('[PN11] has the formats of ntfy, Slack, Discord and Telegram', async () => {
    for (const template of ['ntfy', 'slack', 'discord'] as const) await send({ template });
    await send({ template: 'telegram', chatId: '-100' });
    const [ntfy, slack, discord, telegram] = received;
    expect(ntfy?.body).toBe('<pi> & co left (connection-lost: no answer)');
    expect(ntfy?.headers).toMatchObject({ title: 'Rollcall: away', priority: '4', tags: 'warning' });
    expect(JSON.parse(slack?.body ?? '')).toEqual({
      text: '🟠 &lt;pi&gt; &amp; co left (connection-lost: no answer)',
    });
    expect(JSON.parse(discord?.body ?? '')).toMatchObject({
      allowed_mentions: { parse: [] },
      embeds: [{ title: expect.stringContaining('left'), timestamp: message.timestamp }],
    });
    expect(JSON.parse(telegram?.body ?? '')).toMatchObject({ chat_id: '-100', disable_notification: false });
  });
});

describe('commandSend', () => {
  const run = (script: string, ms = 5_000) =>
    commandSend({ name: 'c', type: 'command', command: [process.execPath, '-e', script, '$(touch x)'] })(
      queued,
      AbortSignal.timeout(ms),
    );

  it('[PN12] gets the message on its input and in variables, and no shell', async () => {
    const file = join(folder, 'out.json');
    const script = `
      let text = '';
      process.stdin.on('data', (chunk) => { text += chunk; }).on('end', () => {
        const { ROLLCALL_KEY, ROLLCALL_STATE, ROLLCALL_TEXT, ROLLCALL_TOKEN } = process.env;
        require('node:fs').writeFileSync(${JSON.stringify(file)}, JSON.stringify({
          message: JSON.parse(text), argument: process.argv[1], ROLLCALL_KEY, ROLLCALL_STATE, ROLLCALL_TEXT, ROLLCALL_TOKEN }));
      });`;
    process.env['ROLLCALL_TOKEN'] = 'secret';
    expect(await run(script)).toBeUndefined();
    delete process.env['ROLLCALL_TOKEN'];
    const { readFileSync } = await import('node:fs');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      message,
      argument: '$(touch x)',
      ROLLCALL_KEY: 'pi',
      ROLLCALL_STATE: 'open',
      ROLLCALL_TEXT: '<pi> & co left (connection-lost: no answer)',
    });
  });

  it('[PN12] another exit code, no such program, and too much time are failures', async () => {
    expect(await run('process.exit(3)')).toEqual({ problem: 'exit code 3', retry: true });
    expect(await run('setInterval(() => {}, 1000)', 300)).toMatchObject({ problem: 'it took too long' });
    const none = commandSend({ name: 'c', type: 'command', command: ['/no/such/program'] });
    expect(await none(queued, AbortSignal.timeout(5_000))).toMatchObject({ problem: 'ENOENT' });
  });
});

describe('messages for Home Assistant', () => {
  const topics = { base: 'rollcall', discovery: 'homeassistant', version: '1.0.0' };
  const row: InstanceView = {
    key: 'küche/pi+#',
    host: 'kitchen-pi',
    version: '2.1',
    ts: Date.UTC(2026, 0, 1),
    lastInputSeconds: 60,
    connections: 1,
    firstSeenAtMs: 1,
    sources: {},
  };

  it('[PN14] has ids that topics can hold, one for each key', () => {
    expect(topicId(row.key)).toMatch(/^[a-z0-9_-]+$/i);
    expect(topicId('a/b')).not.toBe(topicId('a-b'));
  });

  it('[PN14] what is published is what a removal takes away', () => {
    const published = [...discoveryMessages(row, topics), ...stateMessages(row, true, row.ts, topics)];
    const removed = removalMessages(row.key, topics);
    expect(removed.map(({ topic }) => topic).sort()).toEqual(published.map(({ topic }) => topic).sort());
    expect(removed.every(({ payload }) => payload === '')).toBe(true);
  });

  it('[PN14] connected, away, unreachable', () => {
    const of = (view: InstanceView, isListed = true) =>
      stateMessages(view, isListed, view.ts, topics).map(({ payload }) => payload);
    expect(of(row)[0]).toBe('online');
    expect(JSON.parse(of(row)[1] ?? '')).toEqual({
      connected: 'ON',
      last_seen: '2026-01-01T00:00:00.000Z',
      last_input: '2025-12-31T23:59:00.000Z',
      cause: null,
    });
    expect(of({ ...row, connections: 0, disconnectedAtMs: 1 })[1]).toContain('"OFF"');
    expect(of(row, false)[1]).toContain('"OFF"');
    expect(of({ ...row, unreachableSinceMs: 1 })[0]).toBe('offline');
  });
});
