import { destination, type Logger, pino } from 'pino';
import type { LogLevel } from './gateway-parts.ts';

/** The log of the gateway: one JSON object per line on standard error, secrets blanked. */
export function createLogger(level: LogLevel): Logger {
  return pino(
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
    destination({ fd: 2, sync: true }),
  );
}
