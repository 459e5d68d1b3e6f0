import { pino } from 'pino';
import type { Logger } from '../core/index.ts';
import type { SettingValue } from '../gateway/settings.ts';
import { descriptorWriter, LogWriter } from './log-writer.ts';

/** How much the log says, from everything to nothing. */
export type LogLevel = SettingValue<'logLevel'>;

/** The log of a program that ends: what still waits can be written first. */
export interface ProcessLogger extends Logger {
  /** Resolves when everything was written or dropped, or after `graceMs` milliseconds. */
  flush(graceMs: number): Promise<void>;
}

/** The log of the gateway: one JSON object per line on standard error, secrets blanked. */
export function createLogger(level: LogLevel): ProcessLogger {
  const writer = new LogWriter({ writeLine: descriptorWriter(2), nowMs: () => Date.now() });
  const logger = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: ['token', 'password', '*.token', '*.password', '*.*.token', '*.*.password'],
        censor: '[hidden]',
      },
    },
    writer,
  );
  return Object.assign(Object.create(logger) as Logger, {
    flush: (graceMs: number) => writer.flush(graceMs),
  });
}
