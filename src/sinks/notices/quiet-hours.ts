/** A time of day in which no notice is sent. */
export interface QuietHours {
  /** `HH:MM`; the hours may go over midnight. */
  readonly from: string;
  readonly to: string;
  /** IANA name, for example `Europe/Berlin`; default that of the gateway's machine. */
  readonly timeZone?: string;
  /** Days on which the hours begin; default every day. */
  readonly days?: readonly Weekday[];
}

export const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

export type Weekday = (typeof weekdays)[number];

const minuteMs = 60_000;
/** A week of quarters of an hour. */
const maxSteps = 7 * 24 * 4;

/** Reads quiet hours by the wall clock of their time zone (PN6). Throws `RangeError` for a zone that is not known. */
export class QuietClock {
  readonly #fromMinute: number;
  readonly #toMinute: number;
  readonly #days: ReadonlySet<Weekday>;
  readonly #format: Intl.DateTimeFormat;

  constructor({ from, to, timeZone, days = weekdays }: QuietHours) {
    this.#fromMinute = minuteOf(from);
    this.#toMinute = minuteOf(to);
    this.#days = new Set(days);
    this.#format = new Intl.DateTimeFormat('en-US', {
      hourCycle: 'h23',
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      ...(timeZone !== undefined && { timeZone }),
    });
  }

  /** True when a moment, milliseconds since the epoch, lies in the quiet hours. */
  isQuiet(wallMs: number): boolean {
    const { minute, day } = this.#read(wallMs);
    const isOver = this.#fromMinute >= this.#toMinute;
    if (!isOver) return minute >= this.#fromMinute && minute < this.#toMinute && this.#days.has(day);
    if (minute >= this.#fromMinute) return this.#days.has(day);
    return minute < this.#toMinute && this.#days.has(dayBefore(day));
  }

  /** When the quiet hours of a moment end, milliseconds since the epoch; the moment itself when it is not quiet. */
  endMs(wallMs: number): number {
    let atMs = wallMs;
    // In steps of a quarter of an hour, then of a minute, so that changes of the zone's offset in between are counted.
    for (const stepMs of [15 * minuteMs, minuteMs]) {
      for (let steps = 0; steps < maxSteps && this.isQuiet(atMs); steps += 1) {
        const next = Math.floor(atMs / stepMs) * stepMs + stepMs;
        if (stepMs !== minuteMs && !this.isQuiet(next)) break;
        atMs = next;
      }
    }
    return atMs;
  }

  #read(wallMs: number): { readonly minute: number; readonly day: Weekday } {
    const parts = Object.fromEntries(
      this.#format.formatToParts(wallMs).map(({ type, value }) => [type, value]),
    );
    const minute = Number(parts['hour']) * 60 + Number(parts['minute']);
    return { minute, day: parts['weekday'] as Weekday };
  }
}

function minuteOf(text: string): number {
  const [hours = '0', minutes = '0'] = text.split(':');
  return Number(hours) * 60 + Number(minutes);
}

function dayBefore(day: Weekday): Weekday {
  return weekdays[(weekdays.indexOf(day) + 6) % 7] as Weekday;
}
