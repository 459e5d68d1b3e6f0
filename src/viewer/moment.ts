import { err, ok, type Result } from '../core/index.ts';

/** A moment as somebody gave it (PJ9): fixed, or so many milliseconds before now, or the latest such time of day. */
export type Moment =
  | { readonly kind: 'fixed'; readonly ms: number }
  | { readonly kind: 'back'; readonly ms: number }
  | {
      readonly kind: 'time-of-day';
      readonly hours: number;
      readonly minutes: number;
      readonly seconds: number;
    };

export interface MomentOptions {
  /** Time zone of the reader, for times of day and ISO times without a zone. Without it they are refused. */
  readonly local?: boolean;
}

/** Largest moment of a `Date`, milliseconds since the epoch. */
const lastMs = 8.64e15;
const unitMs: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const isoTime = /^\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?([Zz]|[+-]\d\d:?\d\d)?)?$/;

/**
 * Reads a moment: milliseconds since the epoch, ISO 8601, a duration back (`90s`, `15m`, `1h`, `7d`, `2w`), or of a local reader a
 * time of day (`03:12`).
 *
 * @returns what it must be, for people, when it is none of these.
 */
export function parseMoment(value: unknown, { local = false }: MomentOptions = {}): Result<Moment, string> {
  if (typeof value === 'number') return fixed(value);
  if (typeof value !== 'string') return err(expected(local));
  const text = value.trim();
  if (/^\d{1,16}$/.test(text)) return fixed(Number(text));
  const [, amount, unit = ''] = /^(\d{1,9})([smhdw])$/i.exec(text) ?? [];
  if (amount !== undefined)
    return ok({ kind: 'back', ms: Number(amount) * (unitMs[unit.toLowerCase()] ?? 0) });
  const [, hours, minutes, seconds = '0'] = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(text) ?? [];
  if (local && hours !== undefined)
    return ok({
      kind: 'time-of-day',
      hours: Number(hours),
      minutes: Number(minutes),
      seconds: Number(seconds),
    });
  return isoMoment(text, local);
}

/** The moment in milliseconds since the epoch, `nowMs` being now. A time of day is that of today, or of yesterday while it is to come. */
export function momentMs(moment: Moment, nowMs: number): number {
  if (moment.kind === 'fixed') return moment.ms;
  if (moment.kind === 'back') return Math.max(0, nowMs - moment.ms);
  const { hours, minutes, seconds } = moment;
  const day = new Date(nowMs);
  day.setHours(hours, minutes, seconds, 0);
  if (day.getTime() > nowMs) day.setDate(day.getDate() - 1);
  return day.getTime();
}

function isoMoment(text: string, local: boolean): Result<Moment, string> {
  const match = isoTime.exec(text);
  const ms = match === null ? Number.NaN : Date.parse(text.toUpperCase().replace(' ', 'T').replace(',', '.'));
  if (Number.isNaN(ms)) return err(expected(local));
  const hasZone = match?.[1] !== undefined || text.length === 10;
  return hasZone || local ? fixed(ms) : err('needs a time zone, such as Z or +02:00');
}

function fixed(ms: number): Result<Moment, string> {
  if (!Number.isFinite(ms) || ms < 0 || ms > lastMs) return err('must be milliseconds since the epoch');
  return ok({ kind: 'fixed', ms });
}

function expected(local: boolean): string {
  return local
    ? 'must be a duration back such as 1h, a time such as 03:12, or a date such as 2026-03-01T03:12'
    : 'must be milliseconds since the epoch, ISO 8601, or a duration back such as 1h or 7d';
}
