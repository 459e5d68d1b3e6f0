import { Agent, request } from 'node:http';
import { type Actor, type Field, pause, repeating } from '../field.ts';
import type { Random } from '../random.ts';
import { beacon } from './honest.ts';

interface Ask {
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Statuses that are right. */
  readonly expected?: readonly number[];
}

/** Reads, filters, beacons in lists, metrics and health over HTTP, on connections that are kept. */
export function httpReader(field: Field, random: Random): Actor {
  return {
    async round(endMs) {
      const agent = new Agent({ keepAlive: true, maxSockets: 4 });
      let etag = '';
      const asking = repeating({
        random,
        pauseMs: 60,
        async act() {
          etag = (await ask(field, agent, question(random, etag))) ?? etag;
        },
      });
      await asking.round(endMs);
      agent.destroy();
    },
  };
}

/** Readers of the stream that come back with what they read last. */
export function streamReader(field: Field, random: Random): Actor {
  let lastEventId: string | undefined;
  return repeating({
    random,
    pauseMs: 200,
    async act() {
      lastEventId = await readStream(field, lastEventId, random.below(1_000));
      if (random.once(5)) lastEventId = undefined;
    },
  });
}

function question(random: Random, etag: string): Ask {
  switch (random.below(6)) {
    case 0:
      return { path: '/api/v1/beacons', body: Array.from({ length: 20 }, () => beacon(random)) };
    case 1:
      return { path: `/api/v1/presence?q=crowd-${random.below(9)}&status=active` };
    case 2:
      return { path: '/api/v1/presence', headers: { 'if-none-match': etag }, expected: [200, 304] };
    case 3:
      return { path: '/metrics' };
    case 4:
      return { path: random.pick(['/healthz', '/readyz', '/openapi.json']) };
    default:
      return { path: '/api/v1/presence?colour=red', expected: [400] };
  }
}

/** Asks and reads the answer to its end; returns its ETag. */
function ask(field: Field, agent: Agent, asked: Ask): Promise<string | undefined> {
  const { path, body, headers, expected = [200] } = asked;
  const answered = field.findings.ask();
  return new Promise((resolve) => {
    const sent = request(httpUrl(field, path), {
      agent,
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${field.token}`, ...headers },
    });
    sent.once('response', (answer) => {
      const { statusCode = 0 } = answer;
      if (!expected.includes(statusCode)) field.findings.fault(`${path} was answered with ${statusCode}`);
      answer.resume().once('end', () => {
        answered();
        resolve(answer.headers.etag);
      });
    });
    sent.once('error', (error) => {
      field.findings.fault(`${path}: ${error.message}`);
      resolve(undefined);
    });
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function readStream(
  field: Field,
  lastEventId: string | undefined,
  ms: number,
): Promise<string | undefined> {
  const answered = field.findings.ask();
  let read = '';
  const sent = request(httpUrl(field, '/api/v1/presence/stream'), {
    agent: false,
    headers: {
      authorization: `Bearer ${field.token}`,
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    },
  });
  sent.once('response', (answer) => {
    answered();
    answer.setEncoding('utf8').on('data', (text: string) => {
      read = (read + text).slice(-1_000_000);
    });
    answer.on('error', () => {});
  });
  sent.on('error', () => {});
  sent.end();
  await new Promise((resolve) => sent.once('response', resolve).once('close', resolve));
  await pause(ms);
  sent.destroy();
  return (
    read
      .match(/^id: .+$/gm)
      ?.at(-1)
      ?.slice(4) ?? lastEventId
  );
}

function httpUrl({ url }: Field, path: string): string {
  return url.replace('ws:', 'http:') + path;
}
