import type { ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import { EventStreams, type EventStreamsOptions } from './event-streams.ts';

it('[PL2] keeps nothing for a reader who left before its stream began', () => {
  const now = () => ({ monoMs: 0, wallMs: 0 });
  const streams = new EventStreams({
    presence: { now },
    tickIntervalMs: 1,
  } as unknown as EventStreamsOptions);
  const response = { destroyed: true } as ServerResponse;
  streams.open({ response, head: {}, credential: 'token', lastEventId: undefined, wantsNotices: false });
  expect(streams.size).toBe(0);
});
