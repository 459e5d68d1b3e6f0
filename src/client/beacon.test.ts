import { describe, expect, it } from 'vitest';
import { beaconFailure, beaconParams } from './beacon.ts';

const own = { host: 'Mac', mode: 'ui', version: '1.2.3', instanceId: 'm' };

describe('beaconParams', () => {
  it('[PR6] holds the facts, and the same in one line', () => {
    expect(beaconParams(own, { ip: '192.0.2.7', lastInputSeconds: 4, reason: 'periodic' })).toEqual({
      ...own,
      ip: '192.0.2.7',
      lastInputSeconds: 4,
      reason: 'periodic',
      text: 'Node: Mac (192.0.2.7) · app 1.2.3 · last input 4s ago · mode ui · reason periodic',
    });
  });

  it('leaves out what is not known, and keeps a text that is given', () => {
    expect(beaconParams({}, { instanceId: 'x' })).toEqual({ instanceId: 'x', text: 'Node: x' });
    expect(beaconParams(own, { text: 'Node: by hand' })).toMatchObject({ text: 'Node: by hand' });
  });

  it('clears the idle time by a tag', () => {
    expect(beaconParams(own, { clearLastInput: true, tags: ['t'] })).toMatchObject({
      tags: ['t', 'system-presence-clear-last-input'],
    });
  });
});

describe('beaconFailure', () => {
  it('names the detail of a refusal, and treats a missing answer as temporary', () => {
    const refused = Object.assign(new Error('no'), {
      code: 'FORBIDDEN',
      details: { code: 'FOREIGN_ROW' },
      retryable: false,
    });
    expect(beaconFailure(refused)).toEqual({
      ok: false,
      code: 'FOREIGN_ROW',
      message: 'no',
      retryable: false,
    });
    expect(beaconFailure(new Error('timeout'))).toMatchObject({ code: 'NO_ANSWER', retryable: true });
  });
});
