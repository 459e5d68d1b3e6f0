import type { FactSource, Facts } from '../../core/index.ts';
import type { DuplicateCause } from '../../viewer/index.ts';

/** Fields that the detail panel names. */
export type FieldName =
  | Exclude<keyof Facts, 'lastInputSeconds'>
  | 'lastInput'
  | 'status'
  | 'updated'
  | 'firstSeen'
  | 'connectedSince'
  | 'disconnectedAt'
  | 'connections'
  | 'roundTrip'
  | 'observedIp'
  | 'reportedIp'
  | 'key'
  | 'gateways'
  | 'unreachableSince';

/** Why a sign-in failed, as far as the page has words of its own for it. */
export type RefusalKind = 'secret' | 'origin' | 'protocol' | 'device' | 'other';

/** The texts of the parts that are loaded when they are needed: details, settings, signing in, help, hints, news. */
export interface LaterMessages {
  readonly exportCsv: string;
  readonly exportJson: string;
  readonly back: string;
  readonly language: string;
  readonly theme: string;
  readonly themes: Readonly<Record<'system' | 'light' | 'dark', string>>;
  readonly notifyNodes: string;
  readonly notifyDenied: string;
  readonly shortcutsOn: string;
  readonly signOut: string;
  readonly detail: string;
  readonly detailGone: string;
  readonly sections: Readonly<
    Record<'identity' | 'machine' | 'presence' | 'connection' | 'host' | 'changes', string>
  >;
  readonly fields: Readonly<Record<FieldName, string>>;
  readonly sources: Readonly<Record<FactSource, string>>;
  readonly fromSource: (source: string) => string;
  readonly hostMeters: Readonly<Record<'load' | 'memoryFree' | 'diskFree', string>>;
  readonly ofTotal: (part: string, total: string) => string;
  readonly cpus: (count: number, text: string) => string;
  readonly copy: string;
  readonly copySummary: string;
  readonly copyJson: string;
  readonly copied: string;
  readonly copyFailed: string;
  readonly changeJoined: string;
  readonly changeLeft: string;
  readonly changeSet: (field: string, value: string) => string;
  readonly changeDropped: (field: string) => string;
  readonly changeRenewed: string;
  readonly noChanges: string;
  readonly signIn: string;
  readonly signInHint: string;
  readonly token: string;
  readonly remember: string;
  readonly rememberHint: string;
  readonly tokenRequired: string;
  readonly refusals: Readonly<Record<RefusalKind, string>>;
  readonly refusedTitle: string;
  readonly noPermissionTitle: string;
  readonly noPermission: string;
  readonly otherToken: string;
  readonly gatewaySays: (reason: string) => string;
  readonly emptyTitle: string;
  readonly emptyText: string;
  readonly emptyBeacon: string;
  readonly emptyNode: string;
  readonly emptyCode: string;
  readonly truncated: (maximum: string) => string;
  readonly truncatedHint: string;
  readonly duplicates: (count: number, text: string) => string;
  readonly duplicateRows: (host: string, count: number, text: string) => string;
  readonly duplicateAdvice: Readonly<Record<DuplicateCause, string>>;
  readonly showThem: string;
  readonly shortcuts: Readonly<
    Record<'filter' | 'next' | 'previous' | 'open' | 'sort' | 'refresh' | 'pause' | 'help' | 'escape', string>
  >;
  readonly joined: (count: number, names: string) => string;
  readonly left: (count: number, names: string) => string;
  readonly andMore: (text: string) => string;
  readonly nodeConnected: (host: string) => string;
  readonly nodeGone: (host: string) => string;
}
