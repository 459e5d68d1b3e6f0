import type { BeaconFields, BeaconResult, ClientState } from '../client/index.ts';
import type { Clock, DelayTimers, Facts, HostStats } from '../core/index.ts';
import type { GatewayLink } from './gateway-link.ts';
import type { BeaconReason, Duty, Rhythm, Schedule, ScheduleInput } from './schedule.ts';
import { advance, newSchedule } from './schedule.ts';

/** The log of an agent, for people, one line at a time. */
export interface AgentLog {
  info(line: string): void;
  warn(line: string): void;
}

/** What a reporter depends on. */
export interface ReporterOptions {
  /** A client whose automatic beacons are off. */
  readonly link: GatewayLink;
  readonly clock: Clock;
  readonly timers: DelayTimers;
  readonly log: AgentLog;
  /** Facts of this instance, read anew for each beacon: addresses change. */
  readonly facts: () => Facts;
  /** Whole seconds since the last input; absent when it is not to be reported. */
  readonly idleSeconds?: () => Promise<number | undefined>;
  /** Present for mode `node`. */
  readonly hostStats?: () => Promise<HostStats>;
  /** Milliseconds between `periodic` beacons, 60 000. At least 1 000. */
  readonly beaconIntervalMs?: number;
}

const statsIntervalMs = 60_000;
const maxTickMs = 15_000;
const farewellMs = 2_000;

/**
 * Reports one machine to one gateway: beacons, last input and host stats, when `schedule.ts` says they are due.
 *
 * What cannot be delivered is logged and not repeated: the next beacon carries newer facts anyway.
 */
export class Reporter {
  readonly #options: ReporterOptions;
  readonly #rhythm: Rhythm;
  #schedule: Schedule;
  #phase: ClientState['phase'] = 'idle';
  #lastInputReported = true;
  /** True when the gateway accepts no beacons of this role: until the next connection node events are sent instead. */
  #beaconsRefused = false;
  /** Refusals of the gateway as they were logged, by event. */
  readonly #problems = new Map<string, string>();
  #cancelTick: (() => void) | undefined;
  #endings: (() => void)[] = [];
  /** Duties go out one after the other, in order. */
  #sending: Promise<void> = Promise.resolve();

  /** Throws a TypeError when `beaconIntervalMs` is no whole number of at least 1 000. */
  constructor(options: ReporterOptions) {
    this.#options = options;
    this.#rhythm = rhythmOf(options);
    this.#schedule = newSchedule(options.clock.now());
  }

  /** Starts reporting, and starts the link. */
  start(): void {
    const { link } = this.#options;
    this.#endings = [link.subscribe(() => this.#followLink()), () => this.#cancelTick?.()];
    this.#tickLater();
    link.start();
    this.#followLink();
  }

  /** Resolves when everything that was due so far has been sent or has failed. */
  async settled(): Promise<void> {
    await this.#sending;
  }

  /** Sends a beacon `disconnect`, waits at most 2 s for the answer, and stops the link. */
  async close(): Promise<void> {
    for (const end of this.#endings.splice(0)) end();
    this.#step('stop');
    await this.#withinFarewell(this.#sending);
    this.#options.link.stop();
  }

  #tickLater(): void {
    this.#cancelTick = this.#options.timers.after(this.#rhythm.tickMs, () => {
      this.#tickLater();
      this.#step('tick');
    });
  }

  /** Only transitions count: the link also calls for changes of its roster. */
  #followLink(): void {
    const { phase } = this.#options.link.state;
    if (phase === this.#phase) return;
    this.#phase = phase;
    this.#beaconsRefused = false;
    this.#step(phase === 'connected' ? 'connected' : 'disconnected');
  }

  #step(input: ScheduleInput): void {
    const { schedule, duties } = advance(this.#schedule, input, this.#options.clock.now(), this.#rhythm);
    this.#schedule = schedule;
    for (const duty of duties) this.#sending = this.#sending.then(() => this.#perform(duty));
  }

  async #perform(duty: Duty): Promise<void> {
    try {
      if ('beacon' in duty) await this.#beacon(duty.beacon);
      else await this.#sendStats();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#options.log.warn(`${'beacon' in duty ? 'beacon' : 'host stats'} not delivered: ${reason}`);
    }
  }

  async #beacon(reason: BeaconReason): Promise<void> {
    const { link, facts } = this.#options;
    // At the end no other program is started and awaited.
    const lastInput = reason === 'disconnect' ? {} : await this.#lastInput();
    if (this.#beaconsRefused || this.#takesEventsOnly()) return this.#sendActivity(lastInput);
    const result = await link.beacon({ ...facts(), ...lastInput, reason });
    if (!result.ok) await this.#afterRefusal(result, lastInput);
  }

  async #afterRefusal(refusal: BeaconResult & { ok: false }, lastInput: BeaconFields): Promise<void> {
    this.#options.log.warn(`the gateway did not take the beacon: ${refusal.message}`);
    if (refusal.retryable) return;
    this.#beaconsRefused = true;
    await this.#sendActivity(lastInput);
  }

  /** OpenClaw gateways accept no beacons from nodes; the last input is sent to them this way. */
  async #sendActivity({ lastInputSeconds, clearLastInput }: BeaconFields): Promise<void> {
    if (!this.#options.hostStats) return;
    const payload = clearLastInput ? { action: 'clear' } : { idleSeconds: lastInputSeconds };
    if (!clearLastInput && lastInputSeconds === undefined) return;
    await this.#sendEvent('node.presence.activity', payload);
  }

  /** A row keeps what was reported: when the value becomes unknown the old one is cleared. */
  async #lastInput(): Promise<BeaconFields> {
    const seconds = await this.#options.idleSeconds?.();
    const wasReported = this.#lastInputReported;
    this.#lastInputReported = seconds !== undefined;
    if (seconds !== undefined) return { lastInputSeconds: seconds };
    return wasReported ? { clearLastInput: true } : {};
  }

  async #sendStats(): Promise<void> {
    const stats = await this.#options.hostStats?.();
    if (stats === undefined) return;
    await this.#sendEvent('node.host.stats', stats);
  }

  /** An OpenClaw gateway: nodes may not send beacons there, and are disconnected when they try repeatedly. */
  #takesEventsOnly(): boolean {
    const { link, hostStats } = this.#options;
    const methods = link.state.phase === 'connected' ? link.state.methods : undefined;
    return (
      hostStats !== undefined &&
      methods !== undefined &&
      methods.length > 0 &&
      !methods.includes('presence.list')
    );
  }

  /** Reads the result of an event: a refusal is logged once, with what to do. */
  async #sendEvent(event: string, payload: object): Promise<void> {
    try {
      const answer = (await this.#options.link.request('node.event', { event, payload })) as NodeEventAnswer;
      this.#note(
        event,
        answer?.handled === false ? adviceOf(answer.reason ?? 'it does not say why') : undefined,
      );
    } catch (error) {
      const code = (error as { details?: { code?: unknown } }).details?.code;
      if (code !== 'PAIRING_CHANGED') throw error;
      this.#note(event, adviceOf('PAIRING_CHANGED'));
    }
  }

  #note(event: string, problem: string | undefined): void {
    const known = this.#problems.get(event);
    if (known === problem) return;
    if (problem === undefined) this.#problems.delete(event);
    else this.#problems.set(event, problem);
    const { log } = this.#options;
    if (problem === undefined) log.info(`the gateway takes ${event} now`);
    else log.warn(`the gateway does not take ${event}: ${problem}`);
  }

  async #withinFarewell(work: Promise<void>): Promise<void> {
    let cancel = (): void => undefined;
    const timeout = new Promise<void>((resolve) => {
      cancel = this.#options.timers.after(farewellMs, resolve);
    });
    await Promise.race([work, timeout]);
    cancel();
  }
}

/** What `node.event` answers. */
interface NodeEventAnswer {
  readonly handled?: boolean;
  readonly reason?: string;
}

/** What to do about an event that is not accepted, by the reason that the gateway sends. */
function adviceOf(reason: string): string {
  switch (reason) {
    case 'PAIRING_CHANGED':
      return 'this node is not approved yet. On that gateway run: openclaw nodes pending, then openclaw nodes approve REQUEST';
    case 'permission_required':
      return 'this node was approved without its permission. On that gateway run: openclaw nodes pending, then openclaw nodes approve REQUEST';
    case 'throttled':
      return 'it came too soon after the one before';
    default:
      return reason;
  }
}

function rhythmOf(options: ReporterOptions): Rhythm {
  const beaconIntervalMs = options.beaconIntervalMs ?? 60_000;
  if (!Number.isInteger(beaconIntervalMs) || beaconIntervalMs < 1_000) {
    throw new TypeError(`beaconIntervalMs must be a whole number of at least 1000, not ${beaconIntervalMs}`);
  }
  const tickMs = Math.min(beaconIntervalMs, maxTickMs);
  return options.hostStats ? { tickMs, beaconIntervalMs, statsIntervalMs } : { tickMs, beaconIntervalMs };
}
