import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type NodeEvent, parseActivity, parseNodeEvent } from './node-event.ts';

const stats = {
  cpuCount: 8,
  loadAverage: [0.5, 1.25, 2],
  memoryTotalBytes: 16_000_000_000,
  memoryFreeBytes: 4_000_000_000,
  diskTotalBytes: 500_000_000_000,
  diskAvailableBytes: 100_000_000_000,
};

function accepted(params: unknown): NodeEvent {
  const parsed = parseNodeEvent(params);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

function refusedMessage(params: unknown): string | undefined {
  const parsed = parseNodeEvent(params);
  return parsed.ok ? undefined : parsed.error.message;
}

describe('parseNodeEvent', () => {
  it('[PR9] reads host stats from payload or payloadJSON, and only the known fields', () => {
    const expected = { event: 'node.host.stats', handled: true, report: { hostStats: stats } };
    const payload = { ...stats, extra: 1 };
    expect(accepted({ event: 'node.host.stats', payload })).toEqual(expected);
    const payloadJSON = JSON.stringify(payload);
    expect(accepted({ event: 'node.host.stats', payloadJSON, payload: 7 })).toEqual(expected);
  });

  it('[PR9] host stats may lack load and disk', () => {
    const payload = { cpuCount: 1, memoryTotalBytes: 2, memoryFreeBytes: 1 };
    expect(accepted({ event: 'node.host.stats', payload })).toMatchObject({ report: { hostStats: payload } });
  });

  it('[PR9] reads the activity of the person', () => {
    const event = 'node.presence.activity';
    expect(accepted({ event, payload: { idleSeconds: 7, source: 'x' } })).toEqual({
      event,
      handled: true,
      report: { facts: { lastInputSeconds: 7 } },
    });
    expect(accepted({ event, payload: { action: 'clear' } })).toEqual({
      event,
      handled: true,
      report: { clearLastInput: true },
    });
  });

  it('[PR9] reads what a node sends when it renews', () => {
    const payload = { trigger: 'connect', sentAtMs: 5, displayName: ' Phone ', version: '2', platform: ' ' };
    expect(accepted({ event: 'node.presence.alive', payload })).toEqual({
      event: 'node.presence.alive',
      handled: true,
      report: { facts: { host: 'Phone', version: '2' } },
    });
  });

  it('[PR9] an event that is not about presence is not handled, whatever it carries', () => {
    const expected = { event: 'node.skills', handled: false, reason: 'unknown event' };
    expect(accepted({ event: 'node.skills', payloadJSON: '{' })).toEqual(expected);
    expect(accepted({ event: ' node.skills ' })).toEqual(expected);
  });

  it.each([
    [null, '/: must be object'],
    [{}, '/event: is required'],
    [{ event: 7 }, '/event: must be string'],
    [{ event: ' ' }, '/event: must not be blank'],
    [{ event: 'a\u0000b' }, '/event: must not contain control characters'],
    [{ event: 'node.host.stats' }, '/payload: must be object'],
    [{ event: 'node.host.stats', payloadJSON: '{' }, '/payloadJSON: must be JSON'],
    [{ event: 'node.host.stats', payloadJSON: 'null' }, '/payloadJSON: must be object'],
    [
      { event: 'node.host.stats', payload: { ...stats, cpuCount: 1.5 } },
      '/payload/cpuCount: must be integer',
    ],
    [{ event: 'node.host.stats', payload: { ...stats, memoryFreeBytes: -1 } }, '/payload/memoryFreeBytes: '],
    [{ event: 'node.host.stats', payload: { ...stats, loadAverage: [1, 2] } }, '/payload/loadAverage: '],
    [{ event: 'node.presence.activity', payload: {} }, '/payload/idleSeconds: is required'],
    [{ event: 'node.presence.activity', payload: { idleSeconds: 1.5 } }, '/payload/idleSeconds: must be '],
    [{ event: 'node.presence.activity', payload: { action: 'stop' } }, '/payload/action: '],
    [{ event: 'node.presence.alive', payload: { version: 7 } }, '/payload/version: must be string'],
    [{ event: 'node.presence.alive', payload: { platform: 'a\u0001' } }, '/payload/platform: must not '],
  ])('[PR9] refuses %j naming the field', (params, message) => {
    expect(refusedMessage(params)).toContain(`invalid node.event params: at ${message}`);
  });

  it('[PW10] never throws, whatever the params', () => {
    const event = fc.constantFrom('node.host.stats', 'node.presence.activity', 'node.presence.alive', 'x');
    fc.assert(
      fc.property(event, fc.jsonValue(), (name, payload) => {
        parseNodeEvent(payload);
        parseNodeEvent({ event: name, payload });
        parseNodeEvent({ event: name, payloadJSON: JSON.stringify(payload) });
      }),
    );
  });
});

describe('parseActivity', () => {
  it.each([undefined, null, {}])('[PR9] %j reports input now', (params) => {
    expect(parseActivity(params)).toEqual({ ok: true, value: { facts: { lastInputSeconds: 0 } } });
  });

  it('[PR9] may state how long ago, or that it is not known any more', () => {
    expect(parseActivity({ idleSeconds: 4 })).toEqual({
      ok: true,
      value: { facts: { lastInputSeconds: 4 } },
    });
    expect(parseActivity({ action: 'clear' })).toEqual({ ok: true, value: { clearLastInput: true } });
  });

  it('[PR9] refuses what it cannot read, naming the field', () => {
    expect(parseActivity({ idleSeconds: -1 })).toMatchObject({
      ok: false,
      error: { message: 'invalid presence.activity params: at /idleSeconds: must be >= 0' },
    });
  });
});
