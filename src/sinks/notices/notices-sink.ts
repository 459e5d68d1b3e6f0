import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, Logger, PresenceReader, Sink, Timers } from '../../core/index.ts';
import { readTextFile } from '../../host/index.ts';
import { commandSend } from './command-delivery.ts';
import type { DeliveryStatus, Send } from './delivery.ts';
import { DeliveryQueue } from './delivery-queue.ts';
import { MqttDelivery } from './mqtt-delivery.ts';
import { type Notice, type NoticeMessage, noticeMessage } from './notice.ts';
import { NoticeEngine } from './notice-engine.ts';
import { compileRules, durationMs, type NoticeRule } from './notice-rule.ts';
import { type DeliveryConfig, type NoticesConfig, rulesOf } from './notices-config.ts';
import type { SavedNotices } from './saved-notices.ts';
import type { Mute } from './silences.ts';
import { webhookSend } from './webhook-delivery.ts';

export interface NoticesSinkOptions {
  readonly config: NoticesConfig;
  /** Folder that stores pending messages and open notices across restarts; by default they are in memory alone (PN8). */
  readonly folder?: string | undefined;
  /** Version of the gateway. */
  readonly version: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly newId: () => string;
  /** A number from 0 to 1, for jitter. */
  readonly random?: () => number;
  /** False while another gateway of the cluster delivers the notices of all (PN15). */
  readonly isNotifier?: () => boolean;
}

/** Notices and the status of their channels, for lists (PN16). */
export interface NoticesStatus {
  readonly open: readonly Notice[];
  /** The latest first. */
  readonly resolved: readonly Notice[];
  readonly mutes: readonly Mute[];
  readonly rules: readonly NoticeRule[];
  readonly deliveries: readonly DeliveryStatus[];
  /** Number of notices suppressed by quiet hours and mutes. */
  readonly suppressed: number;
}

interface Target {
  readonly config: DeliveryConfig;
  readonly queue: DeliveryQueue;
  readonly mqtt: MqttDelivery | undefined;
}

const saveMs = 1_000;
const idleSaveMs = 30_000;

/** What operations need of notices; a gateway without rules has none. */
export interface NoticesService {
  readonly status: () =>
    | (NoticesSink['status'] & { readonly enabled: boolean })
    | { readonly enabled: false };
  readonly acknowledge: (noticeId: string, by: string) => Notice | undefined;
  readonly mute: (mute: Mute) => readonly Mute[] | undefined;
}

/** The sink that notifies operators of what matters to them (PN). */
export class NoticesSink implements Sink {
  readonly name = 'notices';
  /** Notices that were sent, by rule and state, for metrics. */
  readonly counts: Map<string, number> = new Map();
  readonly #options: NoticesSinkOptions;
  readonly #listeners = new Set<(message: NoticeMessage, notice: Notice) => void>();
  #config: NoticesConfig;
  #engine: NoticeEngine;
  #targets: Target[] = [];
  #presence: PresenceReader | undefined;
  #unsubscribe = (): void => {};
  #cancelDue = (): void => {};
  #dueMonoMs = Number.POSITIVE_INFINITY;
  #cancelSave = (): void => {};
  #saveMonoMs = Number.POSITIVE_INFINITY;
  #savedRevision = 0;
  #cancelBeat = (): void => {};
  #isSaveFailing = false;

  /** Throws `TypeError` for rules that cannot be used: check the configuration before. */
  constructor(options: NoticesSinkOptions) {
    this.#options = options;
    this.#config = options.config;
    this.#engine = new NoticeEngine({ rules: compileRules(rulesOf(options.config)), newId: options.newId });
  }

  start(presence: PresenceReader): void {
    if (this.#presence !== undefined) return;
    this.#presence = presence;
    const { folder } = this.#options;
    if (folder !== undefined) mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#open();
    this.#emit(this.#engine.start(presence.list(), presence.now(), this.#read()));
    this.#unsubscribe = presence.subscribe((changes) => {
      for (const { mqtt } of this.#targets) mqtt?.changed(changes);
      this.#emit(this.#engine.take(changes, presence.now()));
    });
    this.#beat();
  }

  /** Puts another configuration in force (PN1); it must have been checked before. */
  reconfigure(config: NoticesConfig): void {
    const presence = this.#presence;
    const before = this.#config;
    this.#config = config;
    if (presence === undefined) {
      const { newId } = this.#options;
      this.#engine = new NoticeEngine({ rules: compileRules(rulesOf(config)), newId });
      return;
    }
    if (JSON.stringify(before.deliveries) !== JSON.stringify(config.deliveries)) {
      for (const target of this.#targets) void closeTarget(target, 0);
      this.#open();
    }
    this.#emit(this.#engine.setRules(compileRules(rulesOf(config)), presence.now()));
    this.#cancelBeat();
    this.#beat();
  }

  get status(): NoticesStatus {
    const { open, resolved, mutes, suppressed } = this.#engine;
    return {
      open,
      resolved,
      mutes: mutes.filter(({ untilMs }) => untilMs > this.#options.clock.now().wallMs),
      rules: rulesOf(this.#config),
      deliveries: this.#targets.map(({ queue }) => queue.status),
      suppressed,
    };
  }

  /** Calls the listener with every notice that is sent; returns the function that ends it. */
  subscribe(listener: (message: NoticeMessage, notice: Notice) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** `undefined` for a notice that is not open. */
  acknowledge(noticeId: string, by: string): Notice | undefined {
    const notice = this.#engine.acknowledge(noticeId, by, this.#options.clock.now());
    this.#save();
    return notice;
  }

  mute(mute: Mute): readonly Mute[] {
    const mutes = this.#engine.mute(mute, this.#options.clock.now());
    this.#wait();
    this.#save();
    return mutes;
  }

  async close(graceMs: number): Promise<void> {
    this.#unsubscribe();
    this.#cancelDue();
    this.#cancelBeat();
    this.#cancelSave();
    this.#save();
    await Promise.all(this.#targets.map((target) => closeTarget(target, graceMs)));
  }

  #emit(notices: readonly Notice[]): void {
    for (const notice of notices) {
      const message = noticeMessage(notice, this.#options.clock.now().wallMs);
      const word = `${notice.rule} ${notice.state}`;
      this.counts.set(word, (this.counts.get(word) ?? 0) + 1);
      for (const listener of this.#listeners) this.#publish(listener, message, notice);
      if (this.#options.isNotifier?.() !== false) this.#deliver(message, notice);
    }
    this.#wait();
    this.#saveLater(notices.length > 0 ? saveMs : idleSaveMs);
  }

  #publish(
    listener: (message: NoticeMessage, notice: Notice) => void,
    message: NoticeMessage,
    notice: Notice,
  ): void {
    try {
      listener(message, notice);
    } catch (error) {
      this.#options.logger.error({ err: error }, 'a listener of notices failed');
    }
  }

  #deliver(message: NoticeMessage, { noticeId, told, rule }: Notice): void {
    const queuedAtMs = this.#options.clock.now().wallMs;
    for (const { config, queue } of this.#targets) {
      const { rules = ['*'] } = config;
      if (rules.includes('*') || rules.includes(rule)) {
        queue.add({ id: `${noticeId}-${told}`, message, queuedAtMs });
      }
    }
  }

  /** Sets the timer for what falls due next. */
  #wait(): void {
    const { clock, timers } = this.#options;
    const dueMonoMs = this.#engine.nextDueMonoMs ?? Number.POSITIVE_INFINITY;
    if (dueMonoMs === this.#dueMonoMs) return;
    this.#cancelDue();
    this.#dueMonoMs = dueMonoMs;
    if (dueMonoMs === Number.POSITIVE_INFINITY) return;
    const waitMs = Math.min(longestTimerMs, Math.max(0, dueMonoMs - clock.now().monoMs));
    this.#cancelDue = timers.after(Math.ceil(waitMs), () => {
      this.#dueMonoMs = Number.POSITIVE_INFINITY;
      this.#emit(this.#engine.advance(clock.now()));
    });
  }

  #open(): void {
    const { clock, timers, logger, version, folder, random = Math.random } = this.#options;
    const at = (file: string): string | undefined => (folder === undefined ? undefined : join(folder, file));
    this.#targets = (this.#config.deliveries ?? []).map((config) => {
      const { name, type } = config;
      const file = at(`notices-mqtt-${name}.json`);
      const mqtt =
        config.type === 'mqtt'
          ? new MqttDelivery({ config, version, clock, timers, logger, file })
          : undefined;
      const queue = new DeliveryQueue({
        name,
        type,
        send: mqtt?.send ?? this.#sendOf(config),
        clock,
        timers,
        logger,
        random,
        file: at(`notices-queue-${name}.jsonl`),
        giveUpMs: durationMs(config.giveUpAfter ?? '24h'),
        timeoutMs: durationMs(config.timeout ?? '10s'),
      });
      return { config, queue, mqtt };
    });
    for (const { config, queue, mqtt } of this.#targets) {
      queue.start();
      void mqtt
        ?.start(this.#presence?.list() ?? [])
        .catch((error: unknown) =>
          logger.error({ err: error, delivery: config.name }, 'MQTT could not start'),
        );
    }
  }

  #sendOf(config: DeliveryConfig): Send {
    if (config.type === 'webhook') return webhookSend(config, () => this.#options.clock.now().wallMs);
    if (config.type === 'command') return commandSend(config);
    throw new TypeError('a broker sends by itself');
  }

  /** Calls the heartbeat URL (PN15): a monitor alerts when it stops. */
  #beat(): void {
    const { heartbeat } = this.#config;
    if (heartbeat === undefined) return;
    const everyMs = Math.max(1_000, durationMs(heartbeat.every ?? '60s'));
    const run = async (): Promise<void> => {
      try {
        const url = heartbeat.url ?? readTextFile(heartbeat.urlFile ?? '').trim();
        const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(10_000) });
        await response.body?.cancel();
        this.heartbeat = response.ok ? 'up' : 'failing';
      } catch {
        this.heartbeat = 'failing';
      }
    };
    void run();
    this.#cancelBeat = this.#options.timers.after(everyMs, () => this.#beat());
  }

  /** Whether the latest heartbeat was accepted; `undefined` before the first. */
  heartbeat: 'up' | 'failing' | undefined;

  // ---- state that survives a restart

  #saveLater(waitMs: number): void {
    const { clock, timers, folder } = this.#options;
    if (folder === undefined || this.#engine.revision === this.#savedRevision) return;
    const atMonoMs = clock.now().monoMs + waitMs;
    if (atMonoMs >= this.#saveMonoMs) return;
    this.#cancelSave();
    this.#saveMonoMs = atMonoMs;
    this.#cancelSave = timers.after(waitMs, () => this.#save());
  }

  #save(): void {
    const { folder, clock, logger } = this.#options;
    this.#saveMonoMs = Number.POSITIVE_INFINITY;
    if (folder === undefined || this.#presence === undefined) return;
    this.#savedRevision = this.#engine.revision;
    const file = join(folder, stateFile);
    try {
      writeFileSync(`${file}.new`, JSON.stringify(this.#engine.save(clock.now())), { mode: 0o600 });
      renameSync(`${file}.new`, file);
      if (this.#isSaveFailing) logger.info({ file }, 'notices are kept again');
      this.#isSaveFailing = false;
    } catch (error) {
      if (!this.#isSaveFailing) logger.error({ err: error }, 'notices cannot be kept across a restart');
      this.#isSaveFailing = true;
    }
  }

  #read(): SavedNotices | undefined {
    const { folder, logger } = this.#options;
    if (folder === undefined) return undefined;
    try {
      const saved = JSON.parse(readFileSync(join(folder, stateFile), 'utf8')) as SavedNotices;
      return saved.version === 2 ? saved : undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
        logger.warn({ err: error }, 'what was open before the restart cannot be read');
      }
      return undefined;
    }
  }
}

const stateFile = 'notices.json';
const longestTimerMs = 2_147_000_000;

async function closeTarget({ queue, mqtt }: Target, graceMs: number): Promise<void> {
  await queue.close(graceMs);
  await mqtt?.close();
}
