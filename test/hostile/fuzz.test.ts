import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { OPERATIONS } from '../../src/gateway/index.ts';
import { connectParams } from '../harness/connect-params.ts';
import { type GatewayFixture, gatewayFixture } from '../harness/gateway-fixture.ts';
import { hostileJson, hostileObject, hostileText } from '../harness/hostile-json.ts';
import type { PairClient } from '../harness/pair-client.ts';
import { propertyRuns } from '../harness/property-runs.ts';
import type { RefusedFrame } from '../harness/wire-frame.ts';

const numRuns = propertyRuns();
const prototype = JSON.stringify(Object.getOwnPropertyNames(Object.prototype).sort());
let gateway: GatewayFixture;
let observer: PairClient;

beforeEach(() => {
  gateway = gatewayFixture({ requestsPerSecond: 0 });
  observer = gateway.connect({ client: { mode: 'cli' } });
  // Rows that a fault could damage.
  gateway.connect({ client: { instanceId: 'bystander' } });
  gateway.connect({ role: 'node', scopes: [], client: { mode: 'node', instanceId: 'bystanding-node' } });
});

/** Everything that a reader sees. */
function roster(): string {
  gateway.timers.runSoon();
  return JSON.stringify(observer.call('presence.list'));
}

/** Sends a text; returns the answers alone. What viewers receive is checked when it is sent. */
function answersTo(client: PairClient, text: string): readonly (RefusedFrame | { readonly ok: true })[] {
  const before = client.received().length;
  client.send(text);
  gateway.timers.runSoon();
  const came = client.received().slice(before);
  return came.flatMap((frame) => (frame.type === 'res' ? [frame] : []));
}

function unharmed(): void {
  expect(JSON.stringify(Object.getOwnPropertyNames(Object.prototype).sort())).toBe(prototype);
  expect(observer.call('health')).toMatchObject({ ok: true });
}

function notInternal(answer: RefusedFrame | { readonly ok: true }): void {
  if (answer.ok) return;
  expect(answer.error.code).toMatch(/^(INVALID_REQUEST|FORBIDDEN|NOT_FOUND)$/);
  expect(answer.error.message.length).toBeLessThan(700);
}

describe('any params', () => {
  it.each(OPERATIONS)('[PW10] [PL4] $name: one answer, and a refusal changes nothing', (operation) => {
    const { name: method, example } = operation;
    const role = operation.roles.includes('operator') ? 'operator' : 'node';
    const client = gateway.connect({ role, scopes: role === 'node' ? [] : ['operator.admin'] });
    const some = fc.oneof(hostileJson, hostileObject({ ...example }));
    fc.assert(
      fc.property(some, (text) => {
        const before = roster();
        const answers = answersTo(client, `{"type":"req","id":"f","method":"${method}","params":${text}}`);
        expect(answers).toHaveLength(1);
        for (const answer of answers) {
          notInternal(answer);
          if (!answer.ok) expect(roster()).toBe(before);
        }
        expect(client.transport.isOpen).toBe(true);
        unharmed();
      }),
      { numRuns },
    );
  });
});

describe('any frame', () => {
  it('[PW10] after the handshake: JSON has one answer, anything else none, and the connection stays', () => {
    const client = gateway.connect({ scopes: ['operator.read'] });
    fc.assert(
      fc.property(hostileText, (text) => {
        const before = roster();
        const answers = answersTo(client, text);
        expect(answers).toHaveLength(isJson(text) ? 1 : 0);
        for (const answer of answers) notInternal(answer);
        expect(client.transport.isOpen).toBe(true);
        expect(roster()).toBe(before);
        unharmed();
      }),
      { numRuns },
    );
  });

  it('[PW10] before it: a close of the table, at most one answer, and nobody was admitted', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const before = roster();
        const client = gateway.open();
        const answers = answersTo(client, text);
        expect(answers.length).toBeLessThanOrEqual(1);
        expect([1000, 1008]).toContain(client.transport.closedWith?.code);
        expect(roster()).toBe(before);
        client.close();
        unharmed();
      }),
      { numRuns },
    );
  });

  it('[PW4] [PW10] any connect is admitted or is refused and closed, and a refusal changes nothing', () => {
    const { client: who, ...rest } = connectParams({ client: { instanceId: 'fuzz', displayName: 'Fuzz' } });
    const some = fc.oneof(
      hostileJson,
      hostileObject({ ...rest, client: who }),
      hostileObject(who as Record<string, unknown>).map(
        (client) => `${JSON.stringify(rest).slice(0, -1)},"client":${client}}`,
      ),
    );
    fc.assert(
      fc.property(some, (text) => {
        const before = roster();
        const client = gateway.open();
        const answers = answersTo(client, `{"type":"req","id":"c","method":"connect","params":${text}}`);
        expect(answers).toHaveLength(1);
        for (const answer of answers) {
          notInternal(answer);
          expect(client.transport.isOpen).toBe(answer.ok);
          if (!answer.ok) expect([1002, 1008]).toContain(client.transport.closedWith?.code);
          if (!answer.ok) expect(roster()).toBe(before);
        }
        client.close();
        unharmed();
      }),
      { numRuns },
    );
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
