import { type ReadonlySignal, signal } from '@preact/signals';
import type { InstanceChange } from '../../client/index.ts';
import { rowName } from '../list/row-name.ts';

/** Who came and who went since the last announcement. */
export interface Arrivals {
  readonly joined: readonly string[];
  readonly left: readonly string[];
}

/** Says things to people who do not see the page, politely. */
export interface Announcer {
  /** What the live region says. */
  readonly text: ReadonlySignal<string>;
  /** Says something now. */
  say(text: string): void;
  /** Joins and leaves are collected and said together. */
  change(change: InstanceChange): void;
  close(): void;
}

/** How long joins and leaves are collected, so that a restart is one sentence, not two hundred. */
const collectMs = 2_000;

/** Makes an announcer; `compose` puts a batch into words. */
export function createAnnouncer(deps: { compose(arrivals: Arrivals): string }): Announcer {
  const text = signal('');
  let joined: readonly string[] = [];
  let left: readonly string[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = (): void => {
    timer = undefined;
    text.value = deps.compose({ joined, left });
    joined = [];
    left = [];
  };
  return {
    text,
    say(said) {
      text.value = said;
    },
    change({ kind, instance }) {
      const name = rowName(instance) ?? '';
      if (kind === 'update') return;
      if (kind === 'join') joined = [...joined, name];
      else left = [...left, name];
      timer ??= setTimeout(flush, collectMs);
    },
    close: () => clearTimeout(timer),
  };
}
