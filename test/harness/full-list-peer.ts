import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { PresenceEntry } from '../../src/core/entry.ts';
import { assertFrame } from './assert-frames.ts';

/** A gateway that sends only full `presence` lists, as OpenClaw 2026.9.6 sends them. Every frame it sends passes the strict schemas. */
export interface FullListPeer {
  readonly url: string;
  readonly port: number;
  /** Entries, the gateway first, then newest first. */
  entries(): PresenceEntry[];
  /** Leaves one number of `seq` out on every connection: an event was lost. */
  skipSeq(): void;
  /** Removes rows without sending a change, as the pruning of that gateway does. */
  pruneSilently(host: string): void;
  tick(): void;
  /** `shutdown`, then 1012 on every connection. */
  close(): Promise<void>;
}

interface Link {
  readonly socket: WebSocket;
  readonly connectionId: string;
  readonly nonce: string;
  scopes: readonly string[];
  isConnected: boolean;
  seq: number;
}

interface Frame {
  readonly id: string;
  readonly method: string;
  // biome-ignore lint/suspicious/noExplicitAny: a peer for tests reads what the client sends as it comes
  readonly params?: any;
}

const isReader = (link: Link): boolean =>
  link.isConnected && link.scopes.some((scope) => scope.startsWith('operator.'));

/** Starts a peer on loopback. `port` 0 is any free one. */
export async function startFullListPeer({ port = 0, token = 'secret' } = {}): Promise<FullListPeer> {
  const server = new WebSocketServer({ host: '127.0.0.1', port, perMessageDeflate: false });
  await new Promise((resolve) => server.once('listening', resolve));
  const rows = new Map<string, PresenceEntry>();
  const links = new Set<Link>();
  let version = 1;
  rows.set('gateway', {
    host: 'peer',
    mode: 'gateway',
    reason: 'self',
    instanceId: randomUUID(),
    text: 'Gateway: peer · app 2026.9.6 · mode gateway · reason self',
    ts: Date.now(),
  });

  const entries = (): PresenceEntry[] => {
    const [self, ...others] = rows.values();
    const newestFirst = others.sort((a, b) => b.ts - a.ts);
    return self ? [{ ...self, ts: Date.now() }, ...newestFirst] : newestFirst;
  };
  const send = (link: Link, frame: object): void => {
    const text = JSON.stringify(frame);
    assertFrame(text);
    link.socket.send(text);
  };
  const answer = (link: Link, id: string, payload: unknown): void =>
    send(link, { type: 'res', id, ok: true, payload });
  const refuse = (link: Link, id: string, error: object): void =>
    send(link, { type: 'res', id, ok: false, error });
  const emit = (link: Link, event: string, payload: object, more: object = {}): void => {
    link.seq += 1;
    send(link, { type: 'event', event, payload, seq: link.seq, ...more });
  };
  const broadcast = (): void => {
    version += 1;
    const stateVersion = { presence: version, health: 1 };
    for (const link of [...links].filter(isReader))
      emit(link, 'presence', { presence: entries() }, { stateVersion });
  };
  const dropOut = (link: Link, id: string, error: object, code: number, reason: string): void => {
    refuse(link, id, error);
    link.socket.close(code, reason);
  };

  const connect = (link: Link, { id, params }: Frame): void => {
    if (params.minProtocol > 4 || params.maxProtocol < 3) {
      const details = { code: 'PROTOCOL_MISMATCH', expectedProtocol: 4, minimumProbeProtocol: 3 };
      dropOut(
        link,
        id,
        { code: 'INVALID_REQUEST', message: 'protocol mismatch', details },
        1002,
        'protocol mismatch',
      );
      return;
    }
    if (params.auth?.token !== token) {
      const message = 'unauthorized: gateway token mismatch (set gateway.remote.token)';
      const details = {
        code: 'AUTH_TOKEN_MISMATCH',
        authReason: 'token_mismatch',
        canRetryWithDeviceToken: false,
      };
      dropOut(link, id, { code: 'INVALID_REQUEST', message, details }, 1008, message);
      return;
    }
    link.scopes = params.scopes ?? [];
    link.isConnected = true;
    addRow(link, params);
    answer(link, id, hello(link, params));
    broadcast();
  };
  /** One row per operator connection, keyed by the connection (9.6). */
  const addRow = (link: Link, params: Frame['params']): void => {
    const { client, role = 'operator' } = params;
    if (['cli', 'backend', 'probe'].includes(client.mode)) return;
    const { displayName, id: clientId, ...facts } = client;
    const host = displayName ?? clientId;
    const roles = { roles: [role], ...(link.scopes.length > 0 && { scopes: [...link.scopes] }) };
    const text = `Node: ${host} · mode ${client.mode}`;
    rows.set(link.connectionId, { ...facts, host, ...roles, reason: 'connect', text, ts: Date.now() });
  };
  const hello = (link: Link, { role = 'operator' }: Frame['params']): object => ({
    type: 'hello-ok',
    protocol: 4,
    server: { version: '2026.9.6', connId: link.connectionId },
    features: { methods: ['system-presence', 'system-event'], events: ['presence', 'tick'] },
    snapshot: {
      presence: isReader(link) ? entries() : [],
      health: {},
      stateVersion: { presence: version, health: 1 },
      uptimeMs: 1,
    },
    auth: { role, scopes: [...link.scopes] },
    policy: { maxPayload: 26_214_400, maxBufferedBytes: 52_428_800, tickIntervalMs: 30_000 },
  });

  const systemEvent = (link: Link, { id, params }: Frame): void => {
    if (!link.scopes.includes('operator.admin')) {
      const details = {
        code: 'MISSING_SCOPE',
        missingScope: 'operator.admin',
        requiredScopes: ['operator.admin'],
      };
      refuse(link, id, { code: 'FORBIDDEN', message: 'missing scope: operator.admin', details });
      return;
    }
    if (!params?.text?.trim()) {
      refuse(link, id, { code: 'INVALID_REQUEST', message: 'text required' });
      return;
    }
    const key = params.instanceId ?? params.host ?? params.text;
    rows.set(key, { ...rows.get(key), ...params, ts: Date.now() });
    answer(link, id, { ok: true });
    broadcast();
  };

  const receive = (link: Link, frame: Frame): void => {
    if (!link.isConnected && frame.method !== 'connect') link.socket.close(1008, 'invalid request frame');
    else if (frame.method === 'connect') connect(link, frame);
    else if (frame.method === 'system-presence') answer(link, frame.id, entries());
    else if (frame.method === 'system-event') systemEvent(link, frame);
    else refuse(link, frame.id, { code: 'INVALID_REQUEST', message: `unknown method: ${frame.method}` });
  };
  const disconnect = (link: Link): void => {
    links.delete(link);
    const row = rows.get(link.connectionId);
    if (!row) return;
    rows.set(link.connectionId, { ...row, reason: 'disconnect', ts: Date.now() });
    broadcast();
  };
  server.on('connection', (socket) => {
    const nonce = randomUUID();
    const link: Link = { socket, connectionId: randomUUID(), nonce, scopes: [], isConnected: false, seq: 0 };
    links.add(link);
    socket.on('message', (data) => receive(link, JSON.parse(String(data))));
    socket.on('close', () => disconnect(link));
    send(link, { type: 'event', event: 'connect.challenge', payload: { nonce, ts: Date.now() } });
  });

  const { port: listening } = server.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${listening}`,
    port: listening,
    entries,
    skipSeq() {
      for (const link of links) link.seq += 1;
    },
    pruneSilently(host) {
      for (const [key, row] of rows) if (row.host === host) rows.delete(key);
    },
    tick() {
      for (const link of links) if (link.isConnected) emit(link, 'tick', { ts: Date.now() });
    },
    async close() {
      for (const link of links) {
        emit(link, 'shutdown', { reason: 'gateway stopping' });
        link.socket.close(1012, 'service restart');
      }
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
