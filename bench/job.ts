/** One measurement, as the runner sends it to a new load generator. */
export interface Job {
  readonly scenario: string;
  readonly size: number;
  readonly contender: string;
  /** True for shorter phases: the figures are noise, the checks are the same. */
  readonly quick: boolean;
  /** Absent when the scenario needs no server. */
  readonly server?: ServerUnderTest;
}

/** A server that is ready. */
export interface ServerUnderTest {
  readonly port: number;
  readonly pid: number;
  readonly token: string;
  /** From spawning the process to its first hello to a client. */
  readonly readyMs: number;
}

/** Figures of one run by the keys of the scenario's metrics. */
export type Figures = Readonly<Record<string, number>>;

/** What a load generator reports. A failure is a finding about the contender: its reason is shown, it has no figures. */
export type Outcome =
  | { readonly ok: true; readonly figures: Figures }
  | { readonly ok: false; readonly why: string };
