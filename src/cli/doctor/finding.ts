import type { ListedRow } from '../../core/index.ts';

/** An instance that is connected from several computers at once, as `status` names it. */
export interface SharedInstance {
  readonly key: string;
  /** Host and address of each computer. */
  readonly places: readonly string[];
}

/** Input of a diagnosis. */
export interface Observation {
  readonly rows: readonly ListedRow[];
  /** The gateway's clock when it listed the rows. */
  readonly gatewayNowMs: number;
  /** Both clocks at the moment of the challenge; absent when the gateway did not send its time. */
  readonly challengeTimes?: { readonly gatewayMs: number; readonly localMs: number } | undefined;
  /** Largest error of the difference between the two readings, from the time of the round trip. */
  readonly roundTripMs: number;
  /** Scopes that the gateway grants to this credential when all are requested; absent when it did not send them. */
  readonly scopes?: readonly string[] | undefined;
  /** Protocol that both agreed on. */
  readonly protocol: number;
  readonly gatewayVersion: string;
  /** True when the gateway serves `presence.list`, as Rollcall does and OpenClaw does not. */
  readonly isRollcall: boolean;
  /** Addresses of proxies that the gateway trusts (PI3); absent when it did not send them. */
  readonly trustedProxies?: readonly string[] | undefined;
  /** Modes that the gateway never lists; absent when it did not send them. */
  readonly hiddenModes?: readonly string[] | undefined;
  readonly truncated?: boolean;
  /** Instances that are connected from several computers at once; absent when the gateway does not send them. */
  readonly shared?: readonly SharedInstance[] | undefined;
}

/** One thing that a diagnosis found. */
export interface Finding {
  /** `problem`: something must be changed; `note`: explains why a row may be missing or odd; the rest confirms that something is right. */
  readonly level: 'ok' | 'note' | 'problem';
  /** One line: what was found, then what to change. */
  readonly message: string;
}

/** A confirmation that something is right. */
export function passed(message: string): Finding {
  return { level: 'ok', message };
}

/** A note: nothing to change. */
export function note(message: string): Finding {
  return { level: 'note', message };
}

/** A problem: something to change. */
export function problem(message: string): Finding {
  return { level: 'problem', message };
}
