import type { Gateway, GatewayOptions } from '../gateway/index.ts';
import type { createEngine } from '../sources/cluster/index.ts';
import type { LogLevel, ProcessLogger } from './log.ts';

/** What the gateway command is built from; loaded only by `rollcall gateway`, to keep the other commands quick. */
export interface GatewayParts {
  readonly createGateway: (
    options: GatewayOptions,
  ) => Pick<Gateway, 'start' | 'close' | 'setUpstreams' | 'setNotices'>;
  readonly createLogger: (level: LogLevel) => ProcessLogger;
  /** Loads the cluster engines. */
  readonly loadEngines: () => Promise<typeof createEngine>;
  /** Folder of the built page; absent when it was not built. */
  readonly pageFolder?: string;
}
