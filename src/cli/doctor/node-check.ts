import type { PresenceEntry } from '../../core/index.ts';
import { readMoment, readWord, recordOf } from '../../sources/upstreams/listed-entry.ts';
import { oneLine, spanText } from '../text-format.ts';
import { type Finding, note, passed, problem } from './finding.ts';

/** What a gateway lists about its nodes, beside its presence. */
export interface NodeObservation {
  readonly rows: readonly PresenceEntry[];
  /** The answer of `node.list`. */
  readonly nodeList: unknown;
  readonly gatewayNowMs: number;
  readonly gatewayVersion: string;
}

/** A node that is not connected is a finding when nothing was received from it for so long. */
const longAgoMs = 24 * 3_600_000;

interface Node {
  readonly id: string;
  readonly name: string;
  readonly isConnected: boolean;
  readonly isPending: boolean;
  readonly version: string | undefined;
  readonly lastSeenAtMs: number | undefined;
}

/** Compares the nodes of an OpenClaw gateway with its presence: one without the other, duplicates, versions that lag (PU16). */
export function nodeFindings(observation: NodeObservation): readonly Finding[] {
  const nodes = readNodes(observation.nodeList);
  const findings = [
    ...nodes.flatMap((node) => oneNode(node, observation)),
    ...rowsWithoutNode(nodes, observation.rows),
    ...twice(nodes),
  ];
  if (findings.length > 0 || nodes.length === 0) return findings;
  const well =
    nodes.length === 1
      ? 'its node is in the list as it'
      : `its ${nodes.length} nodes are in the list as they`;
  return [passed(`${well} should be`)];
}

function readNodes(answer: unknown): readonly Node[] {
  const nodes = recordOf(answer)?.['nodes'];
  return Array.isArray(nodes) ? nodes.map(readNode).filter((node) => node !== undefined) : [];
}

function readNode(value: unknown): Node | undefined {
  const record = recordOf(value) ?? {};
  const id = readWord(record['nodeId']);
  if (id === undefined) return undefined;
  return {
    id: id.toLowerCase(),
    name: oneLine(readWord(record['displayName']) ?? id.slice(0, 12), 64),
    isConnected: record['connected'] === true,
    isPending: String(record['approvalState'] ?? '').startsWith('pending'),
    version: readWord(record['version']),
    lastSeenAtMs: readMoment(record['lastSeenAtMs']) ?? readMoment(record['lastConnectedAtMs']),
  };
}

function oneNode(node: Node, { rows, gatewayNowMs, gatewayVersion }: NodeObservation): Finding[] {
  const { id, name, isConnected, isPending, version, lastSeenAtMs } = node;
  const findings: Finding[] = [];
  if (isConnected && !rows.some((row) => isRowOf(row, id)))
    findings.push(
      problem(
        `node ${name} is connected, but not in the list: restart it: openclaw node restart (on that computer)`,
      ),
    );
  if (isPending)
    findings.push(
      problem(`node ${name} waits for approval: openclaw nodes pending, then openclaw nodes approve REQUEST`),
    );
  if (!isConnected && lastSeenAtMs !== undefined && gatewayNowMs - lastSeenAtMs > longAgoMs) {
    const ago = spanText((gatewayNowMs - lastSeenAtMs) / 1000);
    findings.push(
      note(
        `node ${name} was last heard ${ago} ago; if it is gone for good: openclaw nodes remove --node ${id}`,
      ),
    );
  }
  if (
    isConnected &&
    isOpenClawVersion(version) &&
    isOpenClawVersion(gatewayVersion) &&
    version !== gatewayVersion
  )
    findings.push(
      note(
        `node ${name} runs ${version}, the gateway ${gatewayVersion}: openclaw update (on the older of the two)`,
      ),
    );
  return findings;
}

/** Versions of other programs, such as our agent, do not compare. */
function isOpenClawVersion(version: string | undefined): version is string {
  return version !== undefined && /^20\d\d\.\d/.test(version);
}

function isRowOf({ deviceId, instanceId, reason }: PresenceEntry, id: string): boolean {
  return reason !== 'disconnect' && [deviceId, instanceId].some((known) => known?.toLowerCase() === id);
}

function rowsWithoutNode(nodes: readonly Node[], rows: readonly PresenceEntry[]): Finding[] {
  const known = new Set(nodes.filter(({ isConnected }) => isConnected).map(({ id }) => id));
  return rows
    .filter(
      ({ mode, deviceId, reason }) => mode === 'node' && deviceId !== undefined && reason !== 'disconnect',
    )
    .filter(({ deviceId }) => !known.has(deviceId?.toLowerCase() ?? ''))
    .map(({ host, deviceId = '' }) =>
      problem(
        `${oneLine(host ?? deviceId, 64)} is listed as a node, but no such node is connected: a ghost of an old connection. See openclaw nodes status`,
      ),
    );
}

/** A computer whose device key was lost is listed again as another node of the same name. */
function twice(nodes: readonly Node[]): Finding[] {
  const names = new Map<string, Node[]>();
  for (const node of nodes) names.set(node.name, [...(names.get(node.name) ?? []), node]);
  return [...names.values()].flatMap((same) => {
    const old = same.find(({ isConnected }) => !isConnected);
    if (same.length < 2 || old === undefined) return [];
    return [
      problem(
        `${old.name} is paired ${same.length} times; remove the one that is gone: openclaw nodes remove --node ${old.id}`,
      ),
    ];
  });
}
