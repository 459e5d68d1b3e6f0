import type { Instant } from '../core/ports.ts';
import { sleptBetween } from './sleep-watch.ts';

/** Why an agent beacons (the `reason` of its row). */
export type BeaconReason = 'launch' | 'periodic' | 'wake' | 'disconnect';

/** Something the agent has to send now. */
export type Duty = { readonly beacon: BeaconReason } | { readonly stats: true };

/** What happens to an agent. */
export type ScheduleInput = 'connected' | 'disconnected' | 'tick' | 'stop';

/** Intervals in milliseconds. `statsIntervalMs` is absent when no stats are sent (mode `ui`). */
export interface Rhythm {
  readonly tickMs: number;
  readonly beaconIntervalMs: number;
  readonly statsIntervalMs?: number;
}

/** State of the schedule. */
export interface Schedule {
  readonly connected: boolean;
  readonly launched: boolean;
  /** True when the machine slept and no beacon has reported it yet. */
  readonly woke: boolean;
  /** When the latest beacon `wake` was sent; a connection that is lost soon after may have been lost before. */
  readonly wakeReportedMonoMs?: number;
  readonly lastTick: Instant;
  readonly beaconAtMonoMs: number;
  readonly statsAtMonoMs: number;
}

/** The schedule after an input and what has to be sent because of it. */
export interface ScheduleStep {
  readonly schedule: Schedule;
  readonly duties: readonly Duty[];
}

/** For so long after a beacon `wake` a lost connection puts its delivery in doubt. */
const wakeDoubtMs = 60_000;

/** A schedule that has sent nothing yet. */
export function newSchedule(now: Instant): Schedule {
  return {
    connected: false,
    launched: false,
    woke: false,
    lastTick: now,
    beaconAtMonoMs: now.monoMs,
    statsAtMonoMs: now.monoMs,
  };
}

/**
 * Decides what an agent sends: a beacon whenever a connection is made (`launch` the first time), one after a sleep, one
 * every `beaconIntervalMs`, and `disconnect` at the end; stats beside them.
 *
 * Nothing is due while there is no connection; a sleep that ended without one is reported on the next connection.
 */
export function advance(
  schedule: Schedule,
  input: ScheduleInput,
  now: Instant,
  rhythm: Rhythm,
): ScheduleStep {
  switch (input) {
    case 'connected':
      return onConnected({ ...schedule, connected: true }, now, rhythm);
    case 'disconnected':
      return { schedule: { ...schedule, connected: false, woke: mustReportWake(schedule, now) }, duties: [] };
    case 'tick':
      return tick(schedule, now, rhythm);
    case 'stop':
      return {
        schedule: { ...schedule, connected: false },
        duties: schedule.connected && schedule.launched ? [{ beacon: 'disconnect' }] : [],
      };
  }
}

/** A new connection may be to a gateway without this row, so everything is sent at once. */
function onConnected(schedule: Schedule, now: Instant, rhythm: Rhythm): ScheduleStep {
  const reason = !schedule.launched ? 'launch' : schedule.woke ? 'wake' : 'periodic';
  const sent = { ...afterBeacon(schedule, now, rhythm), launched: true };
  return withStats(sent, [{ beacon: reason }], now, rhythm);
}

function tick(schedule: Schedule, now: Instant, rhythm: Rhythm): ScheduleStep {
  const woke = schedule.woke || sleptBetween(schedule.lastTick, now, rhythm.tickMs);
  const seen = { ...schedule, woke, lastTick: now };
  if (!seen.connected) return { schedule: seen, duties: [] };
  const due = woke || now.monoMs >= seen.beaconAtMonoMs;
  const beacons: readonly Duty[] = due ? [{ beacon: woke ? 'wake' : 'periodic' }] : [];
  const sent = due ? afterBeacon(seen, now, rhythm) : seen;
  const statsDue = woke || now.monoMs >= seen.statsAtMonoMs;
  return statsDue ? withStats(sent, beacons, now, rhythm) : { schedule: sent, duties: beacons };
}

function afterBeacon(schedule: Schedule, now: Instant, rhythm: Rhythm): Schedule {
  const reported = schedule.woke ? { wakeReportedMonoMs: now.monoMs } : {};
  return { ...schedule, ...reported, woke: false, beaconAtMonoMs: now.monoMs + rhythm.beaconIntervalMs };
}

/** The first beacon after a sleep is often sent on a connection that the gateway closed meanwhile. */
function mustReportWake({ woke, wakeReportedMonoMs }: Schedule, now: Instant): boolean {
  return woke || (wakeReportedMonoMs !== undefined && now.monoMs - wakeReportedMonoMs < wakeDoubtMs);
}

function withStats(schedule: Schedule, duties: readonly Duty[], now: Instant, rhythm: Rhythm): ScheduleStep {
  if (rhythm.statsIntervalMs === undefined) return { schedule, duties };
  return {
    schedule: { ...schedule, statsAtMonoMs: now.monoMs + rhythm.statsIntervalMs },
    duties: [...duties, { stats: true }],
  };
}
