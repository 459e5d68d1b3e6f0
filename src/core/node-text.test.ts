import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeGatewayText, composeNodeText, parseNodeText } from './node-text.ts';

const full = 'Node: Studio (10.0.0.7) · app 1.2.3 · last input 42s ago · mode ui · reason periodic';

describe('parseNodeText', () => {
  it('[PR6] reads every part of the line', () => {
    expect(parseNodeText(full)).toEqual({
      facts: {
        host: 'Studio',
        ip: '10.0.0.7',
        version: '1.2.3',
        lastInputSeconds: 42,
        mode: 'ui',
        reason: 'periodic',
      },
      clearLastInput: false,
    });
  });

  it('[PR6] reads `last input unknown`', () => {
    const parsed = parseNodeText('Node: Studio (10.0.0.7) · app 1.2.3 · last input unknown · mode ui');
    expect(parsed?.clearLastInput).toBe(true);
    expect(parsed?.facts).toEqual({ host: 'Studio', ip: '10.0.0.7', version: '1.2.3', mode: 'ui' });
  });

  it.each([
    ['Node: Studio', { host: 'Studio' }],
    ['Node: Studio · mode ui', { host: 'Studio', mode: 'ui' }],
    ['Node:Studio·mode ui·app 2', { host: 'Studio', mode: 'ui', version: '2' }],
    ['Node: Studio · reason launch · app 2', { host: 'Studio', reason: 'launch', version: '2' }],
    ['Node: Studio · app · mode  · last input soon · colour blue', { host: 'Studio' }],
    ['Node: Studio · app 2026.9.1 (build 7)', { host: 'Studio', version: '2026.9.1 (build 7)' }],
  ])('[PR6] %s', (line, facts) => {
    expect(parseNodeText(line)).toEqual({ facts, clearLastInput: false });
  });

  it.each([
    ['Node: MacBook (2)', { host: 'MacBook (2)' }],
    ['Node: MacBook (2) (10.0.0.7)', { host: 'MacBook (2)', ip: '10.0.0.7' }],
    ['Node: Studio (ip-unknown)', { host: 'Studio' }],
    ['Node: Studio ()', { host: 'Studio' }],
    ['Node: Studio (127.0.0.1)', { host: 'Studio' }],
    ['Node: Studio (::ffff:10.0.0.7)', { host: 'Studio', ip: '10.0.0.7' }],
    ['Node: Studio (fe80::1%en0)', { host: 'Studio', ip: 'fe80::1' }],
  ])('[PR6] [PI1] tells the address of %s from the name', (line, facts) => {
    expect(parseNodeText(line)?.facts).toEqual(facts);
  });

  it.each(['-3s ago', '1.5s ago', '1e9s ago', '9999999999999s ago', '42s', '42 s ago', ' 42s agox'])(
    '[PR6] [PF1] takes no last input from `last input %s`',
    (value) => {
      expect(parseNodeText(`Node: a · last input ${value}`)).toEqual({
        facts: { host: 'a' },
        clearLastInput: false,
      });
    },
  );

  it.each([
    '',
    'hello',
    'node: a',
    ' Node: a',
    'Node:',
    'Node:  · mode ui',
    'Node: (10.0.0.1)',
    'Gateway: a',
  ])('[PR6] %j names no host', (line) => {
    expect(parseNodeText(line)).toBeUndefined();
  });

  it('[PR6] reads back what it composes', () => {
    const word = fc.stringMatching(/^[a-z0-9][a-z0-9 ().-]{0,20}[a-z0-9]$/);
    fc.assert(
      fc.property(fc.record({ host: word, mode: word }), (facts) => {
        expect(parseNodeText(composeNodeText(facts) ?? '')?.facts).toEqual(facts);
      }),
    );
  });

  it.each([
    ['Node: ', '·'],
    ['Node: a', ' '],
    ['Node: a · last input ', '1'],
    ['Node: a ', '('],
    ['Node: a (', ')'],
    ['Node: a · last input 1s', ' ago'],
    ['Node: a (', ':'],
  ])('[PR6] takes time in proportion to a hostile line: %s%s…', (start, filler) => {
    // A line of 4 MB: quadratic time would take minutes, and the test with it.
    const parsed = parseNodeText(start + filler.repeat(4_000_000 / filler.length));
    expect(parsed?.facts.lastInputSeconds).toBeUndefined();
  });

  it('[PR6] answers for every text and reports only facts with content', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const parsed = parseNodeText(`Node:${text}`);
        for (const value of Object.values(parsed?.facts ?? {})) expect(String(value).trim()).not.toBe('');
      }),
    );
  });
});

describe('composeNodeText', () => {
  it.each([
    [{ host: 'Studio', mode: 'ui' }, 'Node: Studio · mode ui'],
    [{ host: 'Studio', ip: '10.0.0.7' }, 'Node: Studio'],
    [{ ip: '10.0.0.7', mode: 'node' }, 'Node: 10.0.0.7 · mode node'],
    [{ mode: 'node' }, undefined],
  ])('[PF1] summarizes %j', (facts, text) => {
    expect(composeNodeText(facts)).toBe(text);
  });
});

describe('composeGatewayText', () => {
  it('[PR1] summarizes the gateway', () => {
    expect(composeGatewayText({ host: 'vm', ip: '192.0.2.2', version: '1.0.0' })).toBe(
      'Gateway: vm (192.0.2.2) · app 1.0.0 · mode gateway · reason self',
    );
  });

  it('[PR1] leaves out what is unknown', () => {
    expect(composeGatewayText({})).toBe('Gateway: gateway · mode gateway · reason self');
  });
});
