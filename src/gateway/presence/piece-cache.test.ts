import { describe, expect, it } from 'vitest';
import type { InstanceView } from '../../core/index.ts';
import { joinPieces, PieceCache } from './piece-cache.ts';

const view: InstanceView = {
  key: 'a',
  host: 'a "quoted" näme',
  ts: 5,
  connections: 1,
  firstSeenAtMs: 1,
  rttMs: 3,
  sources: { host: 'beacon' },
};

const text = (piece: Uint8Array): string => Buffer.from(piece).toString();

describe('PieceCache', () => {
  it('[PF1] [PF3] an entry is the strict fields, a view is everything', () => {
    const pieces = new PieceCache();
    expect(JSON.parse(text(pieces.entry(view)))).toEqual({ host: view.host, ts: 5 });
    expect(JSON.parse(text(pieces.view(view)))).toEqual(view);
  });

  it('[PE2] makes JSON once for each view', () => {
    const pieces = new PieceCache();
    let made = 0;
    const counted = { ...view, toJSON: () => ({ made: ++made }) } as unknown as InstanceView;
    expect(text(pieces.view(counted))).toBe('{"made":1}');
    expect(text(pieces.view(counted))).toBe('{"made":1}');
    expect(text(pieces.view({ ...counted }))).toBe('{"made":2}');
  });
});

describe('joinPieces', () => {
  it.each([[[]], [['{}']], [['{"a":1}', '{"b":"ä"}', '{}']]])('[PW6] puts commas between %j', (pieces) => {
    expect(text(joinPieces(pieces.map((piece) => Buffer.from(piece))))).toBe(pieces.join(','));
  });
});
