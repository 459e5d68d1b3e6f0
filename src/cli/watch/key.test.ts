import { describe, expect, it } from 'vitest';
import { keyOf } from './key.ts';

describe('keyOf', () => {
  it.each([
    [undefined, { name: 'up' }, { kind: 'named', name: 'up' }],
    ['\n', { name: 'enter' }, { kind: 'named', name: 'return' }],
    ['\u001b', { name: 'escape', meta: true }, { kind: 'named', name: 'escape' }],
    ['\u0003', { name: 'c', ctrl: true }, { kind: 'named', name: 'interrupt' }],
    ['S', { name: 's', shift: true }, { kind: 'text', text: 'S' }],
    ['京', {}, { kind: 'text', text: '京' }],
    ['x', { name: 'x', meta: true }, undefined],
    ['\u0001', { name: 'a', ctrl: true }, undefined],
    [undefined, { name: 'f5' }, undefined],
    ['\u0000', {}, undefined],
    ['c', { name: 'constructor' }, { kind: 'text', text: 'c' }],
  ])('%j %j', (text, nodeKey, expected) => {
    expect(keyOf(text, nodeKey)).toEqual(expected);
  });
});
