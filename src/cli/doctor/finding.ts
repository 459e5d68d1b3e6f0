import type { ListedRow } from '../../core/index.ts';

/** An instance that is connected from several computers at once, as `status` names it. */
export interface SharedInstance {
  readonly key: string;
  /** Host and address of each computer. */
  readonly places: readonly string[];
}

/** What a diagnosis is made from. */
export interface Observation {
  readonly rows: readonly ListedRow[];
  /** The gateway's clock when it listed the rows. */
  readonly gatewayNowMs: number;
  /** Both clocks at the moment of the challenge; absent when the gateway did not send its time. */
  readonly challengeTimes?: { readonly gatewayMs: number; readonly localMs: number } | undefined;
  /** How far the two readings may be apart in truth. */
  readonly roundTripMs: number;
  /** Scopes that the gateway grants to this credential when all are asked for; absent when it did not say. */
  readonly scopes?: readonly string[] | undefined;
  /** Protocol that both agreed on. */
  readonly protocol: number;
  readonly gatewayVersion: string;
  /** True when the gateway serves `presence.list`, as Rollcall does and OpenClaw does not. */
  readonly isRollcall: boolean;
  /** Addresses of proxies that the gateway believes (PI3); absent when it did not say. */
  readonly trustedProxies?: readonly string[] | undefined;
  /** Modes that the gateway never lists; absent when it did not say. */
  readonly hiddenModes?: readonly string[] | undefined;
  readonly truncated?: boolean;
  /** Instances that are connected from several computers at once; absent when the gateway does not say. */
  readonly shared?: readonly SharedInstance[] | undefined;
}

/** One thing that a diagnosis found. */
export interface Finding {
  /** A problem wants a change; a note explains what a person may miss; the rest is as it should be. */
  readonly level: 'ok' | 'note' | 'problem';
  /** One line: what is so, then what to change. */
  readonly message: string;
}

/** What is as it should be. */
export function passed(message: string): Finding {
  return { level: 'ok', message };
}

/** What a person may miss. */
export function note(message: string): Finding {
  return { level: 'note', message };
}

/** What wants a change. */
export function problem(message: string): Finding {
  return { level: 'problem', message };
}
