import { expect, it } from 'vitest';
import { createHistory } from './history.ts';

const nowMs = 200_000_000;

/** A request function of a gateway that has so many entries, one a second, the last one now. */
function clientOf(count: number, cutOffAtMs?: number) {
  const all = Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    at: nowMs - (count - 1 - index) * 1_000,
    kind: 'joined',
    key: `row-${index}`,
  }));
  const answer = ({ since, limit }: { readonly since?: number; readonly limit: number }): object =>
    since === undefined
      ? { entries: all.slice(-limit) }
      : {
          entries: all.filter(({ at }) => at >= since).slice(0, limit),
          ...(cutOffAtMs !== undefined && { cutOffAtMs }),
        };
  return {
    serverNowMs: () => nowMs,
    request: <Answer>(_: string, asked?: unknown): Promise<Answer> =>
      Promise.resolve(answer(asked as { readonly limit: number }) as Answer),
  };
}

it('[PJ9] shows the newest entries of a journal that has more than fit, and since when they are complete', async () => {
  const history = createHistory(clientOf(7_000));
  await history.load();
  expect(history.entries.value).toHaveLength(5_000);
  expect(history.entries.value[0]).toMatchObject({ key: 'row-6999', at: nowMs });
  expect(history.sinceMs.value).toBe(history.entries.value.at(-1)?.at);
});

it('[PJ9] is not known before the journal of the gateway begins', async () => {
  const history = createHistory(clientOf(3, nowMs - 60_000));
  await history.load();
  expect(history.source.value).toBe('journal');
  expect(history.sinceMs.value).toBe(nowMs - 60_000);
});
