import type { Facts, HostStats } from '../../core/index.ts';
import { readFacts, readHostStats, readMoment, readWord, recordOf } from './listed-entry.ts';

/** A node as `node.list` of an OpenClaw gateway has it. Moments are by the clock of that gateway. */
export interface ListedNode {
  /** The deviceId of its row, as a key. */
  readonly id: string;
  readonly facts: Facts;
  readonly isConnected: boolean;
  readonly connectedAtMs?: number;
  /** When the person last touched the machine. */
  readonly lastActiveAtMs?: number;
  /** The latest moment at which the gateway received something from it. */
  readonly receivedAtMs?: number;
  readonly hostStats?: HostStats;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const nodeWords = ['platform', 'version', 'deviceFamily', 'modelIdentifier'] as const;

/** Reads the answer of `node.list`; `undefined` when it is none. An invalid field costs that field or that node (PU1). */
export function readListedNodes(value: unknown, maxRows: number): readonly ListedNode[] | undefined {
  const nodes = recordOf(value)?.['nodes'];
  if (!Array.isArray(nodes)) return undefined;
  return nodes
    .slice(0, maxRows)
    .map(readListedNode)
    .filter((node) => node !== undefined);
}

function readListedNode(value: unknown): ListedNode | undefined {
  const record = recordOf(value) ?? {};
  const id = readWord(record['nodeId']);
  if (id === undefined) return undefined;
  const said = Object.fromEntries(nodeWords.map((name) => [name, record[name]]));
  // Set one by one: objects that are spread have each a shape of their own, 200 bytes for each node.
  const facts: Mutable<Facts> = readFacts({ ...said, ip: record['remoteIp'], host: record['displayName'] });
  facts.mode = readWord(record['clientMode']) ?? 'node';
  facts.deviceId = id;
  const hostStats = readHostStats(record['hostStats']);
  return {
    id: id.toLowerCase(),
    facts,
    isConnected: record['connected'] === true,
    ...momentsOf(record),
    ...(hostStats !== undefined && { hostStats }),
  };
}

function momentsOf(
  record: Readonly<Record<string, unknown>>,
): Pick<ListedNode, 'connectedAtMs' | 'lastActiveAtMs' | 'receivedAtMs'> {
  const connectedAtMs = readMoment(record['connectedAtMs']);
  const lastActiveAtMs = readMoment(record['lastActiveAtMs']);
  const statsAtMs = readMoment(recordOf(record['hostStats'])?.['updatedAtMs']);
  const heard = [
    connectedAtMs,
    statsAtMs,
    readMoment(record['presenceUpdatedAtMs']),
    readMoment(record['lastSeenAtMs']),
  ].filter((moment) => moment !== undefined);
  return {
    ...(connectedAtMs !== undefined && { connectedAtMs }),
    ...(lastActiveAtMs !== undefined && { lastActiveAtMs }),
    ...(heard.length > 0 && { receivedAtMs: Math.max(...heard) }),
  };
}

/** The payload of the event `node.presence`: the node, and its moments. */
export function readNodePresence(payload: unknown): Partial<ListedNode> & { readonly id?: string } {
  const record = recordOf(payload) ?? {};
  const id = readWord(record['nodeId']);
  const { lastActiveAtMs, receivedAtMs } = momentsOf(record);
  return {
    ...(id !== undefined && { id: id.toLowerCase() }),
    ...(lastActiveAtMs !== undefined && { lastActiveAtMs }),
    ...(receivedAtMs !== undefined && { receivedAtMs }),
  };
}

/** The payload of the event `node.hostStats`. */
export function readNodeStats(payload: unknown): Partial<ListedNode> & { readonly id?: string } {
  const record = recordOf(payload) ?? {};
  const id = readWord(record['nodeId']);
  const hostStats = readHostStats(record['hostStats']);
  const { receivedAtMs } = momentsOf(record);
  return {
    ...(id !== undefined && { id: id.toLowerCase() }),
    ...(hostStats !== undefined && { hostStats }),
    ...(receivedAtMs !== undefined && { receivedAtMs }),
  };
}
