import { describe, expect, it } from 'vitest';
import type { Instance } from '../../client/index.ts';
import { createFormats } from '../format/formats.ts';
import { factSections } from './facts.ts';

const formats = createFormats('en');
const sourcesOf = (row: Instance): object =>
  Object.fromEntries(
    factSections(row, formats).flatMap(({ facts }) => facts.map(({ field, source }) => [field, source])),
  );

const row: Instance = {
  key: 'a',
  ts: 1,
  host: 'desk',
  mode: 'ui',
  ip: '192.0.2.1',
  platform: 'macos 15.1',
  roles: ['operator'],
  text: 'Node: desk · mode ui',
};

describe('where the facts of the details are from', () => {
  it('[PF3] is the handshake where nothing else is named', () => {
    expect(sourcesOf({ ...row, sources: { ip: 'socket', platform: 'beacon' } })).toEqual({
      host: 'connect',
      mode: 'connect',
      roles: 'connect',
      ip: 'socket',
      platform: 'beacon',
      text: undefined,
      key: undefined,
    });
  });

  it('[PF3] is not said of rows of other gateways', () => {
    expect(Object.values(sourcesOf(row)).filter((source) => source !== undefined)).toEqual([]);
  });
});
