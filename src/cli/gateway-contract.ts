import type { LogLevel } from './settings.ts';

/** How clients prove themselves to the gateway (PA1). */
export type GatewayAuth =
  | { readonly mode: 'token'; readonly token: string }
  | { readonly mode: 'password'; readonly password: string }
  | { readonly mode: 'none' };

/** The part of the gateway's options that the command line sets. */
export interface GatewayStartOptions {
  readonly host: string;
  readonly port: number;
  readonly auth: GatewayAuth;
  readonly maxEntries: number;
  readonly ttlMs: number;
  readonly hiddenModes: string[];
  readonly trustedProxies: string[];
  readonly allowedOrigins: string[];
  readonly logger: GatewayLogger;
}

/** The part of a pino logger that the gateway writes to. */
export interface GatewayLogger {
  debug(facts: object, message?: string): void;
  info(facts: object, message?: string): void;
  warn(facts: object, message?: string): void;
  error(facts: object, message?: string): void;
}

/** The part of a running gateway that the command line uses. */
export interface StartableGateway {
  start(): Promise<{ readonly url: string; readonly host: string; readonly port: number }>;
  close(reason?: string): Promise<void>;
}

/** What the gateway command is built from; loaded only by `rollcall gateway`, to keep the other commands quick. */
export interface GatewayParts {
  readonly createGateway: (options: GatewayStartOptions) => StartableGateway;
  readonly createLogger: (level: LogLevel) => GatewayLogger;
}
