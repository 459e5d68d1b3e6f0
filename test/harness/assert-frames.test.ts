import { describe, expect, it } from 'vitest';
import type { InstanceView } from '../../src/core/index.ts';
import { type HelloOk, helloFeatures, helloOkHead, helloOkTail } from '../../src/protocol/index.ts';
import { assertFrame } from './assert-frames.ts';

const stateVersion = { presence: 2, health: 0 };
const entry = { host: 'mac', mode: 'ui', ts: 5, roles: ['operator'], text: 'Node: mac · mode ui' };
const view: InstanceView = {
  ...entry,
  key: 'mac',
  connections: 1,
  firstSeenAtMs: 1,
  sources: { mode: 'beacon' },
};
const delta = { epoch: 'e', from: 1, to: 2, now: 9, upsert: [view], remove: ['gone'] };
const list = { epoch: 'e', version: 2, now: 9, maxEntries: 200, truncated: false, instances: [view] };
const facts = {
  protocol: 4 as const,
  serverVersion: '0.1.0',
  connectionId: 'c',
  bootId: 'e',
  stateVersion,
  uptimeMs: 12.5,
  role: 'operator',
  scopes: ['operator.read'],
  policy: { maxPayload: 4_194_304, maxBufferedBytes: 4_194_304, tickIntervalMs: 30_000 },
  featuresJson: helloFeatures(['health']),
};
const hello = JSON.parse(`${helloOkHead(facts)}${JSON.stringify([entry])}${helloOkTail(facts)}`) as HelloOk;

function response(payload: unknown): string {
  return JSON.stringify({ type: 'res', id: '1', ok: true, payload });
}

function event(name: string, payload: object, counters: object = {}): string {
  return JSON.stringify({ type: 'event', event: name, payload, ...counters });
}

describe('assertFrame', () => {
  it.each([
    ['hello-ok', response(hello)],
    ['entries', response([entry])],
    ['presence.list', response(list)],
    ['another answer', response({ anything: 1 })],
    ['answer of node.event', response({ ok: true, event: 'x', handled: false, reason: 'r' })],
    ['presence', event('presence', { presence: [entry] }, { seq: 1, stateVersion })],
    ['presence.delta', event('presence.delta', delta, { seq: 1, stateVersion })],
    ['tick', event('tick', { ts: 5 }, { seq: 1 })],
    ['shutdown', event('shutdown', { reason: 'r', restartExpectedMs: 5 }, { seq: 1 })],
    ['challenge', event('connect.challenge', { nonce: 'n', ts: 5 })],
  ])('[PF1] [PW5] lets pass: %s', (_, frame) => {
    assertFrame(frame);
  });

  it.each([
    ['no JSON', '{', /JSON/],
    ['no object', '[]', /object/],
    ['a request', '{"type":"req","id":"1","method":"x"}', /events and responses/],
    ['unknown field', '{"type":"res","id":"1","ok":true,"x":1}', /response frame/],
    ['error without message', '{"type":"res","id":"1","ok":false,"error":{"code":"X"}}', /response frame/],
    ['refusal without error', '{"type":"res","id":"1","ok":false}', /error of a response/],
    ['float in an entry', response([{ ...entry, lastInputSeconds: 1.5 }]), /lastInputSeconds/],
    ['empty word in an entry', response([{ ...entry, ip: '' }]), /ip/],
    ['null in an entry', response([{ ...entry, ip: null }]), /ip/],
    ['view where an entry belongs', response([view]), /list of entries/],
    ['hello with more', response({ ...hello, extra: 1 }), /hello-ok/],
    ['list with less', response({ ...list, epoch: undefined }), /presence.list/],
    ['event that nobody knows', event('nonsense', {}, { seq: 1 }), /nonsense/],
    ['event with a property of Object', event('constructor', {}, { seq: 1 }), /constructor/],
    ['tick with a float', event('tick', { ts: 5.5 }, { seq: 1 }), /tick: at \/ts/],
    ['tick without number', event('tick', { ts: 5 }), /must carry seq/],
    ['number from 0', event('tick', { ts: 5 }, { seq: 0 }), /from 1/],
    ['challenge with number', event('connect.challenge', { nonce: 'n', ts: 5 }, { seq: 1 }), /must not/],
    ['presence without version', event('presence', { presence: [] }, { seq: 1 }), /stateVersion/],
    ['delta with a float', event('presence.delta', { ...delta, now: 0.5 }, { seq: 1 }), /now/],
  ])('[PF1] [PW5] throws at: %s', (_, frame, reason) => {
    expect(() => assertFrame(frame)).toThrow(reason);
  });
});
