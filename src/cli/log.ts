import type { Logger } from '../core/index.ts';
import type { SettingValue } from '../gateway/settings.ts';
import { descriptorWriter, LogWriter } from './log-writer.ts';

/** How much is logged, from everything to nothing. */
export type LogLevel = SettingValue<'logLevel'>;

/** A log whose pending lines can be written before the program ends. */
export interface ProcessLogger extends Logger {
  /** Resolves when everything was written or dropped, or after `graceMs` milliseconds. */
  flush(graceMs: number): Promise<void>;
}

/** The log of the gateway: one JSON object per line on standard error, secrets blanked. */
export function createLogger(level: LogLevel): ProcessLogger {
  const writer = new LogWriter({ writeLine: descriptorWriter(2), nowMs: () => Date.now() });
  const logger = jsonLogger({ level, write: (line) => writer.write(line), nowMs: () => Date.now() });
  return { ...logger, flush: (graceMs) => writer.flush(graceMs) };
}

/** From the least to the most important; nothing is logged below `debug`. */
const severities = ['debug', 'info', 'warn', 'error'] as const;

type Severity = (typeof severities)[number];

/** A logger of lines such as `{"level":"warn","time":"2026-03-01T03:12:00.000Z","rows":3,"msg":"…"}`. */
export function jsonLogger(options: {
  readonly level: LogLevel;
  readonly write: (line: string) => void;
  /** Milliseconds since the epoch. */
  readonly nowMs: () => number;
}): Logger {
  const { level, write, nowMs } = options;
  const isLogged = (severity: Severity): boolean =>
    level !== 'silent' && (level === 'trace' || severities.indexOf(severity) >= severities.indexOf(level));
  const logAt =
    (severity: Severity): Logger['info'] =>
    (context, message) => {
      if (!isLogged(severity)) return;
      const time = new Date(nowMs()).toISOString();
      write(`${lineOf({ level: severity, time }, context, message)}\n`);
    };
  return { debug: logAt('debug'), info: logAt('info'), warn: logAt('warn'), error: logAt('error') };
}

function lineOf(head: object, context: object, msg: string): string {
  try {
    return JSON.stringify({ ...head, ...context, msg }, printable);
  } catch (error) {
    // A circle, or a `toJSON` that throws: the message is written without its fields.
    return JSON.stringify({ ...head, unprintable: String(error), msg });
  }
}

/** Values as they are logged: secrets blanked, errors with their properties, integers of any size. */
function printable(key: string, value: unknown): unknown {
  if (key === 'token' || key === 'password') return value === undefined ? undefined : '[hidden]';
  if (typeof value === 'bigint') return String(value);
  if (!(value instanceof Error)) return value;
  const { message, stack, cause } = value;
  const own: object = { ...value };
  return { type: value.constructor.name, message, stack, ...own, ...(cause !== undefined && { cause }) };
}
