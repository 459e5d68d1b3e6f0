import { expect, it } from 'vitest';
import { createFormats } from '../format/formats.ts';
import { languages } from '../i18n/languages.ts';
import type { HistoryEntry } from './history.ts';
import { entryText } from './story.ts';

const { loadFirst, loadLater } = languages.en;
const t = { ...(await loadFirst()), ...(await loadLater()) };
const connected = { code: 'connected' };
const reported = { code: 'connected', evidence: 'first beacon, no connection' };

it.each<[string, Omit<HistoryEntry, 'id' | 'at' | 'key'>, string]>([
  ['a connection', { kind: 'joined', cause: connected }, ''],
  ['a first report', { kind: 'joined', cause: reported }, 'Reporting'],
  [
    'an end',
    { kind: 'left', cause: { code: 'closed', evidence: 'code 1000' } },
    'Closed the connection (code 1000)',
  ],
  [
    'a change, whose row came long before',
    { kind: 'changed', previous: { version: '1.0' }, current: { version: '1.1' }, cause: reported },
    'Version: 1.0 → 1.1',
  ],
  [
    'a long id',
    { kind: 'changed', current: { deviceId: 'a1'.repeat(32), ip: '10.0.0.1' } },
    'Device ID: a1a1a1a1a1a1… · Address: 10.0.0.1',
  ],
])('[PJ9] says of %s what its kind does not say', (_, entry, text) => {
  expect(entryText({ id: 1, at: 0, key: 'row', ...entry }, t, createFormats('en'))).toBe(text);
});
