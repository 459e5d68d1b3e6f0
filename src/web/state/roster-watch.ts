import { batch, type ReadonlySignal, signal } from '@preact/signals';
import type { ClientState, InstanceChange, PresenceClient, RosterSnapshot } from '../../client/index.ts';

/** The roster as the page shows it. */
export interface RosterWatch {
  readonly connection: ReadonlySignal<ClientState>;
  readonly roster: ReadonlySignal<RosterSnapshot>;
  /** Whether the connection was lost because the gateway announced its shutdown: it may be back in a moment. */
  readonly isRestarting: ReadonlySignal<boolean>;
  /** The gateway's clock, once a second; it stands still while the roster is not live or the page is paused (PS2). */
  readonly nowMs: ReadonlySignal<number>;
  readonly paused: ReadonlySignal<boolean>;
  /** Changes that a paused page does not show yet. */
  readonly waiting: ReadonlySignal<number>;
  pause(): void;
  resume(): void;
  close(): void;
}

/** What a watch depends on. */
export interface RosterWatchDeps {
  readonly client: PresenceClient;
  /** Every change after the first list, with the gateway's clock; while paused, too. */
  onChange(change: InstanceChange, atMs: number): void;
}

/** Follows a client; what arrives within one frame is shown together. */
export function createRosterWatch({ client, onChange }: RosterWatchDeps): RosterWatch {
  const connection = signal(client.state);
  const roster = signal(client.roster);
  const nowMs = signal(wholeSecond(client.serverNowMs()));
  const isRestarting = signal(false);
  const paused = signal(false);
  const waiting = signal(0);
  let isFollowing = false;

  const tick = (): void => {
    if (!paused.peek()) nowMs.value = wholeSecond(client.roster.asOfMs ?? client.serverNowMs());
  };
  const show = (): void =>
    batch(() => {
      isRestarting.value = isRestart(client.state, isRestarting.peek());
      connection.value = client.state;
      if (!paused.peek()) roster.value = client.roster;
      tick();
    });
  const follow = async (): Promise<void> => {
    isFollowing = true;
    try {
      for await (const change of client.changes()) {
        if (paused.peek()) waiting.value += 1;
        onChange(change, client.serverNowMs());
      }
    } catch (error) {
      // `connection` reports the refusal; the changes are followed again when the person signs in.
      if (client.state.phase !== 'refused') throw error;
    } finally {
      isFollowing = false;
    }
  };

  const frames = createFrameBatch(show, () => Math.min(longestBatchMs, client.roster.instances.length / 40));
  const unsubscribe = client.subscribe(() => {
    // The first list is not announced: changes are followed from there on.
    if (!isFollowing && client.roster.live) void follow();
    frames.request();
  });
  const timer = setInterval(tick, 1_000);
  return {
    connection,
    roster,
    isRestarting,
    nowMs,
    paused,
    waiting,
    pause() {
      paused.value = true;
    },
    resume() {
      batch(() => {
        paused.value = false;
        waiting.value = 0;
        show();
      });
    },
    close() {
      clearInterval(timer);
      frames.close();
      unsubscribe();
    },
  };
}

/** Ages tick together, once a second, however often something arrives. */
function wholeSecond(ms: number): number {
  return Math.floor(ms / 1_000) * 1_000;
}

/** Attempts, about a quarter of a minute, within which a restart should be over. */
const restartAttempts = 6;

/** Only the first loss has the reason; later attempts just fail to connect. */
function isRestart(state: ClientState, wasRestart: boolean): boolean {
  if (state.phase !== 'reconnecting') return false;
  return state.code === 'SERVICE_RESTART' || (wasRestart && state.attempts <= restartAttempts);
}

/** Runs work once per frame, however often it is requested; a hidden page, which has no frames, uses a timer. */
interface FrameBatch {
  request(): void;
  close(): void;
}

/** About the time of one frame. */
const frameMs = 16;

/** Longest wait in a hidden page. */
const hiddenWaitMs = 250;

/** Longest time for which changes of a long roster are collected. */
const longestBatchMs = 200;

/** Makes a batch of `work`, done at most once in as long as `leastMs` says. */
function createFrameBatch(work: () => void, leastMs: () => number): FrameBatch {
  let frame = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let doneMs = 0;
  const close = (): void => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    timer = undefined;
  };
  const run = (): void => {
    close();
    doneMs = performance.now();
    work();
  };
  return {
    request() {
      if (timer !== undefined) return;
      const least = leastMs();
      const waitMs = doneMs + least - performance.now();
      // Long work runs in a task of its own, so that it does not delay rendering.
      if (waitMs > 0 || least > frameMs) timer = setTimeout(run, waitMs);
      else {
        frame = requestAnimationFrame(run);
        timer = setTimeout(run, hiddenWaitMs);
      }
    },
    close,
  };
}
