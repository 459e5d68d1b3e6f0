import { describe, expect, it } from 'vitest';
import { accessFindings } from './access-check.ts';
import type { Observation } from './finding.ts';

const observation: Observation = {
  rows: [],
  gatewayNowMs: 0,
  roundTripMs: 0,
  protocol: 4,
  gatewayVersion: '1.2.3',
  isRollcall: true,
  scopes: ['operator.read'],
};

const lines = (changes: Partial<Observation>): string =>
  accessFindings({ ...observation, ...changes })
    .map(({ level, message }) => `${level}: ${message}`)
    .join('\n');

describe('what the handshake shows', () => {
  it('[PA4] a token that may not read is a problem', () => {
    expect(lines({ scopes: [] })).toContain('problem: this token grants no scope, not operator.read');
  });

  it('[PA5] beacons about others need a scope that gateways disagree on', () => {
    expect(lines({})).toContain('note: rollcall beacon needs operator.write or operator.admin');
    expect(lines({ scopes: ['operator.write'] })).toContain('enough for list, watch and beacon');
    expect(lines({ scopes: ['operator.write'], isRollcall: false })).toContain(
      'note: rollcall beacon needs operator.admin,',
    );
    expect(lines({ scopes: ['operator.admin'], isRollcall: false })).toContain('watch and beacon');
  });

  it('an older protocol and scopes that are not sent get a note', () => {
    expect(lines({ protocol: 3 })).toContain('note: speaks the older protocol 3, gateway 1.2.3: update');
    expect(lines({ scopes: undefined })).toContain('note: the gateway does not say which scopes');
  });
});
