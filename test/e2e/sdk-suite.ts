import { afterEach, describe, expect, it } from 'vitest';
import {
  createPresenceClient,
  type Feed,
  type InstanceChange,
  type PresenceClient,
  type PresenceClientOptions,
} from '../../src/client/index.ts';
import { wsSocket } from '../../src/client/node/index.ts';
import { until } from '../harness/until.ts';

/** A gateway under test. */
export interface SdkPeer {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Starts a gateway with the token `secret` on loopback, at `port` when it is given. */
export type StartPeer = (options: { port?: number }) => Promise<SdkPeer>;

/** What the SDK requires of every gateway; `feed` is how its roster arrives. */
export function sdkSuite(
  name: string,
  feed: Feed,
  startPeer: StartPeer,
  options: Partial<PresenceClientOptions> = {},
): void {
  describe(`SDK against ${name}`, () => {
    const cleanups: (() => unknown)[] = [];
    afterEach(async () => {
      for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
    });

    const peerAt = async (port?: number): Promise<SdkPeer> => {
      const peer = await startPeer(port === undefined ? {} : { port });
      let closing: Promise<void> | undefined;
      const close = () => (closing ??= peer.close());
      cleanups.push(close);
      return { url: peer.url, port: peer.port, close };
    };
    const client = (
      url: string,
      instanceId: string,
      more: Partial<PresenceClientOptions> = {},
    ): PresenceClient => {
      const created = createPresenceClient({
        url,
        token: 'secret',
        createSocket: wsSocket(),
        client: { instanceId, mode: 'ui', displayName: instanceId },
        scopes: ['operator.admin'],
        backoff: { initialMs: 20, maxMs: 100 },
        ...options,
        ...more,
      });
      cleanups.push(() => created.stop());
      created.start();
      return created;
    };
    const hosts = ({ roster }: PresenceClient) => roster.instances.map((row) => row.host);
    const isLive = ({ roster }: PresenceClient) => roster.live;

    it('connects and sees the gateway first, then itself', async () => {
      const { url } = await peerAt();
      const a = client(url, 'a');
      await until(a, (c) => c.roster.live && c.get('a') !== undefined);
      expect(a.state).toMatchObject({ phase: 'connected', feed, role: 'operator', protocol: 4 });
      expect(a.roster.instances[0]).toMatchObject({ mode: 'gateway', reason: 'self', self: true });
      expect(a.get('A')).toMatchObject({ host: 'a', mode: 'ui', instanceId: 'a' });
    });

    it('[PW7] [PE2] lists others that join and change, and reports each change once', async () => {
      const { url } = await peerAt();
      const a = client(url, 'a');
      await until(a, isLive);
      const changes = a.changes();
      client(url, 'b');
      const change = await nextOf(changes, 'b');
      expect(change).toMatchObject({ kind: 'join', instance: { host: 'b', mode: 'ui' } });
      expect(a.get(change.key)).toEqual(change.instance);
    });

    it('[PR6] a beacon reaches every viewer', async () => {
      const { url } = await peerAt();
      const a = client(url, 'a');
      const b = client(url, 'b');
      await until(b, isLive);
      expect(await b.beacon({ lastInputSeconds: 7, reason: 'periodic' })).toEqual({ ok: true });
      await until(a, (c) => c.roster.instances.some((row) => row.lastInputSeconds === 7));
    });

    it('rows that did not change stay the same objects', async () => {
      const { url } = await peerAt();
      const a = client(url, 'a');
      await until(a, (c) => c.roster.live && c.get('a') !== undefined);
      const b = client(url, 'b');
      await until(a, (c) => hosts(c).includes('b'));
      const row = a.get('a');
      await b.beacon({ lastInputSeconds: 1 });
      await until(a, (c) => c.roster.instances.some((found) => found.lastInputSeconds === 1));
      expect(a.get('a')).toBe(row);
    });

    it('[PE3] a restart of the gateway shows no leave of a client that stayed', async () => {
      const first = await peerAt();
      const clients = ['a', 'b', 'c'].map((id) => client(first.url, id));
      for (const each of clients)
        await until(each, (c) => ['a', 'b', 'c'].every((id) => hosts(c).includes(id)));
      const seen: InstanceChange[] = [];
      for (const each of clients) collect(each, seen);
      await first.close();
      for (const each of clients) await until(each, (c) => c.state.phase === 'reconnecting');
      expect(hosts(clients[0] as PresenceClient)).toContain('b');
      expect(clients[0]?.roster).toMatchObject({ live: false });
      await peerAt(first.port);
      for (const each of clients) {
        await until(each, (c) => c.roster.live && ['a', 'b', 'c'].every((id) => hosts(c).includes(id)));
      }
      expect(seen.filter((change) => change.kind === 'leave' && change.instance.mode === 'ui')).toEqual([]);
    });

    it('[PW10] a wrong token is refused for good, with what to do', async () => {
      const { url } = await peerAt();
      const a = client(url, 'a', { token: 'wrong' });
      await until(a, (c) => c.state.phase === 'refused');
      expect(a.state).toMatchObject({
        code: 'AUTH_TOKEN_MISMATCH',
        whatToDo: expect.stringContaining('token'),
      });
    });

    it('a refusal of a request is an error with its code', async () => {
      const { url } = await peerAt();
      const a = client(url, 'a');
      await until(a, isLive);
      await expect(a.request('no.such.method')).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
    });

    it('[PS2] follows the clock of the gateway, whatever its own clock', async () => {
      const { url } = await peerAt();
      const wrong = { now: () => ({ monoMs: performance.now(), wallMs: 1_000 }) };
      const a = client(url, 'a', { clock: wrong });
      await until(a, isLive);
      expect(Math.abs(a.serverNowMs() - Date.now())).toBeLessThan(5_000);
    });

    it('stop() ends the iterators and keeps the last roster, not live', async () => {
      const { url } = await peerAt();
      const a = client(url, 'a');
      await until(a, (c) => c.get('a') !== undefined);
      const ended = a.changes().next();
      a.stop();
      expect(await ended).toEqual({ value: undefined, done: true });
      expect(a.state.phase).toBe('idle');
      expect(a.roster.live).toBe(false);
      expect(hosts(a)).toContain('a');
    });
  });
}

/** The next change of the row of `host`; the iterator stays open. */
async function nextOf(changes: AsyncIterator<InstanceChange>, host: string): Promise<InstanceChange> {
  for (let next = await changes.next(); !next.done; next = await changes.next()) {
    if (next.value.instance.host === host) return next.value;
  }
  throw new Error('the changes ended');
}

/** Reads the changes of a client into `into` until the client stops. */
async function collect(client: PresenceClient, into: InstanceChange[]): Promise<void> {
  for await (const change of client.changes()) into.push(change);
}
