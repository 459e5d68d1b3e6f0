import { describe, expect, it } from 'vitest';
import { nodeFindings } from './node-check.ts';

const nowMs = 1_795_888_385_132;
const node = {
  nodeId: 'AB12',
  displayName: 'NodeA',
  version: '2026.9.6',
  connected: true,
  approvalState: 'approved',
  lastSeenAtMs: nowMs - 1_000,
};
const row = { ts: nowMs, host: 'NodeA', mode: 'node', deviceId: 'ab12', reason: 'connect' };

function find(nodes: readonly object[], rows: readonly (typeof row)[] = [row]): string[] {
  const observation = { rows, nodeList: { nodes }, gatewayNowMs: nowMs, gatewayVersion: '2026.9.6' };
  return nodeFindings(observation).map(({ level, message }) => `${level} ${message}`);
}

describe('the nodes of an OpenClaw gateway', () => {
  it('[PU16] all is well when every node has its row', () => {
    expect(find([node])).toEqual(['ok its node is in the list as they should be'.replace('they', 'it')]);
    expect(find([], [])).toEqual([]);
  });

  it.each([
    ['a connected node without a row', [node], [], 'openclaw node restart'],
    ['a row without a node', [{ ...node, connected: false }], [row], 'openclaw nodes status'],
    [
      'a node that waits for approval',
      [{ ...node, approvalState: 'pending-approval' }],
      [row],
      'openclaw nodes approve',
    ],
    [
      'a device twice',
      [node, { ...node, nodeId: 'CD', connected: false }],
      [row],
      'openclaw nodes remove --node cd',
    ],
    [
      'a node not heard for long',
      [{ ...node, connected: false, lastSeenAtMs: nowMs - 90_000_000 }],
      [],
      'nodes remove',
    ],
    ['a version that lags', [{ ...node, version: '2026.9.1' }], [row], 'openclaw update'],
  ])('[PU16] %s is found, with the command that mends it', (_, nodes, rows, command) => {
    const found = find(nodes, rows);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(command);
  });

  it('[PU16] odd answers are no findings, and the version of another program is none', () => {
    expect(find([{}, { nodeId: 7 }], [])).toEqual([]);
    expect(find([{ ...node, version: '0.1.0' }])[0]).toContain('ok');
  });
});
