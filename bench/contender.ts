/** The programs that are measured. */
export type PeerName =
  | 'ws-raw'
  | 'ws-batch'
  | 'ws-adaptive'
  | 'socketio'
  | 'openclaw'
  | 'rollcall'
  | 'in-process';

/** One way of doing presence: a server, how it is started and what its clients receive. */
export interface Contender {
  readonly id: string;
  readonly label: string;
  readonly peer: PeerName;
  /** Value of the peer's `--mode`. */
  readonly mode?: string;
  readonly dialect: 'bare' | 'socketio' | 'gateway' | 'signed-gateway';
  /** What watchers receive; with `half` every second one receives full lists. */
  readonly audience: 'delta' | 'full' | 'half' | 'none';
  /** Most rows it lists, when that cannot be configured. */
  readonly rowCap?: number;
  /** Handshakes under way at a time; with more it closes some as too slow. */
  readonly handshakesAtOnce?: number;
  /** An earlier build of ours, which `$BENCH_BEFORE` names; see {@link buildsOf}. */
  readonly isBefore?: true;
  /** Not ours: a failure is a finding and does not fail the benchmark. */
  readonly foreign?: true;
  /** True for a plain implementation, written for the comparison. */
  readonly isPlain?: true;
}

const current: readonly Contender[] = [
  { id: 'ws-raw', label: 'raw ws, no broadcast', peer: 'ws-raw', dialect: 'bare', audience: 'none' },
  { id: 'ws-batch', label: 'raw ws, delta batches', peer: 'ws-batch', dialect: 'bare', audience: 'delta' },
  {
    id: 'ws-adaptive',
    label: 'raw ws, adaptive full lists',
    peer: 'ws-adaptive',
    dialect: 'bare',
    audience: 'full',
  },
  {
    id: 'socketio-diff',
    label: 'Socket.IO, diff',
    peer: 'socketio',
    mode: 'diff',
    dialect: 'socketio',
    audience: 'delta',
  },
  {
    id: 'socketio-full',
    label: 'Socket.IO, full list',
    peer: 'socketio',
    mode: 'full',
    dialect: 'socketio',
    audience: 'full',
  },
  {
    id: 'openclaw',
    label: 'OpenClaw',
    peer: 'openclaw',
    dialect: 'signed-gateway',
    audience: 'full',
    rowCap: 199,
    handshakesAtOnce: 16,
    foreign: true,
  },
  { id: 'rollcall', label: 'Rollcall', peer: 'rollcall', dialect: 'gateway', audience: 'none' },
  {
    id: 'rollcall-delta',
    label: 'Rollcall, delta clients',
    peer: 'rollcall',
    dialect: 'gateway',
    audience: 'delta',
  },
  {
    id: 'rollcall-full',
    label: 'Rollcall, full-list clients',
    peer: 'rollcall',
    dialect: 'gateway',
    audience: 'full',
  },
  {
    id: 'rollcall-half',
    label: 'Rollcall, half each',
    peer: 'rollcall',
    dialect: 'gateway',
    audience: 'half',
  },
  {
    id: 'cluster-redis',
    label: 'cluster on Redis',
    peer: 'in-process',
    dialect: 'gateway',
    audience: 'delta',
  },
  { id: 'cluster-nats', label: 'cluster on NATS', peer: 'in-process', dialect: 'gateway', audience: 'delta' },
  {
    id: 'upstreams',
    label: 'Rollcall with upstreams',
    peer: 'in-process',
    dialect: 'gateway',
    audience: 'delta',
  },
  { id: 'mcp', label: 'Rollcall, MCP', peer: 'rollcall', dialect: 'gateway', audience: 'none' },
  {
    id: 'http-list',
    label: 'list over HTTP',
    peer: 'rollcall',
    dialect: 'gateway',
    audience: 'none',
    isPlain: true,
  },
  { id: 'page', label: 'Rollcall page', peer: 'rollcall', dialect: 'gateway', audience: 'delta' },
  {
    id: 'page-plain',
    label: 'plain page',
    peer: 'rollcall',
    dialect: 'gateway',
    audience: 'full',
    isPlain: true,
  },
  { id: 'client', label: 'rollcall/client', peer: 'in-process', dialect: 'bare', audience: 'delta' },
  {
    id: 'client-plain',
    label: 'plain reader',
    peer: 'in-process',
    dialect: 'bare',
    audience: 'delta',
    isPlain: true,
  },
  { id: 'node', label: 'node -e 0', peer: 'in-process', dialect: 'bare', audience: 'none', isPlain: true },
  {
    id: 'command-version',
    label: 'rollcall --version',
    peer: 'in-process',
    dialect: 'bare',
    audience: 'none',
  },
  { id: 'command-list', label: 'rollcall list', peer: 'in-process', dialect: 'bare', audience: 'none' },
  {
    id: 'command-gateway',
    label: 'rollcall gateway',
    peer: 'in-process',
    dialect: 'bare',
    audience: 'none',
  },
  { id: 'roster', label: 'rollcall/core roster', peer: 'in-process', dialect: 'bare', audience: 'none' },
  { id: 'map', label: 'plain Map', peer: 'in-process', dialect: 'bare', audience: 'none', isPlain: true },
  {
    id: 'journal-off',
    label: 'no journal',
    peer: 'in-process',
    dialect: 'bare',
    audience: 'none',
    isPlain: true,
  },
  { id: 'journal', label: 'journal in memory', peer: 'in-process', dialect: 'bare', audience: 'none' },
  { id: 'journal-file', label: 'journal in a file', peer: 'in-process', dialect: 'bare', audience: 'none' },
  {
    id: 'journal-plain',
    label: 'plain array of entries',
    peer: 'in-process',
    dialect: 'bare',
    audience: 'none',
    isPlain: true,
  },
  { id: 'notices', label: 'rollcall notices', peer: 'in-process', dialect: 'bare', audience: 'none' },
  {
    id: 'notices-plain',
    label: 'plain rules, all asked at each change',
    peer: 'in-process',
    dialect: 'bare',
    audience: 'none',
    isPlain: true,
  },
];

/** A contender, and the same gateway in an earlier build; only Rollcall's servers have one. */
export function buildsOf(contender: Contender): readonly Contender[] {
  if (contender.peer !== 'rollcall' || contender.isPlain) return [contender];
  const { id, label } = contender;
  return [contender, { ...contender, id: `before-${id}`, label: `${label}, before`, isBefore: true }];
}

/** Every contender; a scenario lists those that apply to it, without earlier builds. */
export const contenders: readonly Contender[] = current.flatMap(buildsOf);

/** The contender with this id; throws when there is none. */
export function contenderOf(id: string): Contender {
  const contender = contenders.find((one) => one.id === id);
  if (!contender) throw new TypeError(`unknown contender ${id}`);
  return contender;
}
