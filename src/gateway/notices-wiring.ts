import type { Clock, Instant, Logger, PresenceReader, Timers } from '../core/index.ts';
import { readTextFile } from '../host/index.ts';
import type { Notice, NoticeMessage, NoticesConfig, NoticesService, NoticesSink } from '../sinks/index.ts';
import { type Mute, readNoticesText } from '../sinks/index.ts';
import type { ClusterStatus } from '../sources/cluster/index.ts';
import { FileWatch } from './time/file-watch.ts';
import type { PeriodicTask } from './time/schedule.ts';

/** What the notices of a gateway depend on. */
export interface NoticesWiringOptions {
  readonly notices?: NoticesConfig | undefined;
  readonly noticesFile?: string | undefined;
  readonly noticesFolder: string | undefined;
  readonly version: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly newId: () => string;
  /** False while another gateway of the cluster delivers the notices of all (PN15). */
  readonly isNotifier: () => boolean;
  /** Receives each notice, for viewers that subscribed to notices (PN16). */
  readonly onNotice: (message: NoticeMessage) => void;
}

/**
 * The notices of a gateway, by its setting or by a file that is followed (PN1).
 *
 * The sink is loaded when there are rules: a gateway without them does not load it.
 */
export class NoticesWiring implements PeriodicTask, NoticesService {
  readonly #options: NoticesWiringOptions;
  #sink: NoticesSink | undefined;
  #presence: PresenceReader | undefined;
  #watch: FileWatch | undefined;

  constructor(options: NoticesWiringOptions) {
    this.#options = options;
  }

  get sink(): NoticesSink | undefined {
    return this.#sink;
  }

  /** Throws `TypeError` for a file that cannot be used. */
  async start(presence: PresenceReader): Promise<void> {
    this.#presence = presence;
    const { notices, noticesFile } = this.#options;
    if (notices !== undefined && noticesFile !== undefined)
      throw new TypeError('notices and noticesFile are both set: remove one of them');
    if (noticesFile === undefined) {
      await this.set(notices);
      return;
    }
    this.#watch = new FileWatch([noticesFile], () => void this.#reload(noticesFile));
    const read = readNoticesFile(noticesFile);
    if ('problem' in read) throw new TypeError(`noticesFile: ${read.problem}`);
    await this.set(read.config);
  }

  run(now: Instant): number | undefined {
    return this.#watch?.run(now);
  }

  /** Puts rules and deliveries in force, which must have been checked. */
  async set(config: NoticesConfig | undefined): Promise<void> {
    const presence = this.#presence;
    if (presence === undefined || (config === undefined && this.#sink === undefined)) return;
    const wanted = config ?? { rules: [] };
    if (this.#sink !== undefined) {
      this.#sink.reconfigure(wanted);
      return;
    }
    const { NoticesSink: Made } = await import('../sinks/notices/notices-sink.ts');
    const { onNotice, noticesFolder: folder } = this.#options;
    const sink = new Made({ ...this.#options, config: wanted, folder });
    this.#sink = sink;
    sink.subscribe((message) => onNotice(message));
    sink.start(presence);
  }

  status = (): ReturnType<NoticesService['status']> =>
    this.#sink === undefined ? { enabled: false } : { enabled: true, ...this.#sink.status };

  acknowledge = (noticeId: string, by: string): Notice | undefined => this.#sink?.acknowledge(noticeId, by);

  mute = (mute: Mute): readonly Mute[] | undefined => this.#sink?.mute(mute);

  async close(graceMs: number): Promise<void> {
    await this.#sink?.close(graceMs);
  }

  /** A file that cannot be used leaves the rules in force as they were. */
  async #reload(file: string): Promise<void> {
    const { logger } = this.#options;
    const read = readNoticesFile(file);
    if ('problem' in read) {
      logger.error({ problem: read.problem }, 'notices stay as they were');
      return;
    }
    await this.set(read.config);
    logger.info({ file }, 'notices changed');
  }
}

/** Reads a file of rules and deliveries; a problem names the file and the line. */
export function readNoticesFile(
  file: string,
): { readonly config: NoticesConfig } | { readonly problem: string } {
  let text: string;
  try {
    text = readTextFile(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { problem: `${file} cannot be read (${code ?? message})` };
  }
  const read = readNoticesText(text);
  return 'config' in read ? read : { problem: `${file}:${read.line}: ${read.problem}` };
}

/** PN15: of the gateways that are in touch, the one with the lowest id sends what all of them notice; alone, each one does. */
export function isNotifier(cluster: ClusterStatus | undefined): boolean {
  if (cluster === undefined || cluster.state === 'down') return true;
  const live = cluster.gateways.filter(({ self, state }) => self === true || state === 'live');
  const ids = live.map(({ id }) => id).sort();
  return live.find(({ self }) => self === true)?.id === ids[0];
}
