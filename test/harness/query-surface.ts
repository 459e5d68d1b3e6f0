import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type InstanceView, type PresenceReader, silentLogger } from '../../src/core/index.ts';
import { httpHandler } from '../../src/gateway/http/http-app.ts';
import type { HttpContext } from '../../src/gateway/http/http-context.ts';
import type { OperationContext } from '../../src/gateway/operations/operation.ts';
import { OperationRegistry } from '../../src/gateway/operations/registry.ts';
import { JournalSink, UnreadBytes, Viewers } from '../../src/sinks/index.ts';
import { ManualClock } from './manual-clock.ts';
import { ManualTimers } from './manual-timers.ts';
import { queryNowMs, queryRows } from './query-cases.ts';

/** The HTTP surface of a gateway, its streams included, whose roster is {@link queryRows} at {@link queryNowMs}. */
export interface QuerySurface {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the rows by the operations, routes and streams of a gateway on a free port; every caller may read. */
export async function startQuerySurface(): Promise<QuerySurface> {
  const clock = new ManualClock({ wallMs: queryNowMs });
  const timers = new ManualTimers(clock);
  const presence = readerOfCases();
  const journal = new JournalSink({ journalEntries: 10, journalMs: 1_000, timers, logger: silentLogger });
  journal.start(presence);
  const limits = { maxCoalesceMs: 1, tickIntervalMs: 60_000, maxBufferedBytes: 1_000_000, onSlow: () => {} };
  const unread = new UnreadBytes({ maxUnreadBytes: 100_000_000, clock });
  const viewers = new Viewers({ presence, clock, timers, journal, unread, ...limits });
  const operations = new OperationRegistry();
  // Only what operations that read the roster work with.
  const operationContext = { presence, journal, lists: viewers.lists } as unknown as OperationContext;
  const principal = { name: 'reader', roles: ['operator'] as const, scopes: ['operator.read'] };
  const context: HttpContext = {
    presence,
    readingOf: () => ({ presence, streams: viewers.streams }),
    personOf: () => undefined,
    authenticate: () => ({ ok: true, value: principal }),
    isOriginAllowed: () => true,
    peerOf: () => ({ address: '127.0.0.1', origin: undefined, host: undefined }),
    takeRequest: () => 0,
    unread,
    unfinished: { add() {}, remove() {} },
    operations,
    operationContextOf: () => operationContext,
    isDraining: () => false,
    clusterStatus: () => undefined,
    upstreams: () => [],
    metrics: () => '',
    version: '0.0.0',
    hasMcp: true,
    pageFolder: undefined,
    logger: silentLogger,
  };
  const server = createServer(httpHandler(context));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => closeServer(server),
  };
}

function readerOfCases(): PresenceReader {
  const rows = queryRows as readonly InstanceView[];
  return {
    epoch: 'epoch',
    version: 1,
    size: rows.length,
    maxEntries: 200,
    evictions: 0,
    now: () => ({ monoMs: 0, wallMs: queryNowMs }),
    get: (key) => rows.find((row) => row.key === key),
    list: () => rows,
    subscribe: () => () => {},
  };
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => void server.close(() => resolve()));
}
