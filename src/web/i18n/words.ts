import type { FactSource } from '../../core/index.ts';
import type { NoticeType } from '../../sinks/notices/notice.ts';
import type { DuplicateCause, RowWords } from '../../viewer/index.ts';

type Texts<Key extends string> = Readonly<Record<Key, string>>;

/** A text with a number in it: the number chooses the form, its text arrives formatted. */
type Counted = (count: number, text: string) => string;

/** Fields of the details for which the page has its own labels. */
export type FieldName =
  | 'host'
  | 'ip'
  | 'version'
  | 'platform'
  | 'deviceFamily'
  | 'modelIdentifier'
  | 'timeZone'
  | 'mode'
  | 'reason'
  | 'roles'
  | 'scopes'
  | 'tags'
  | 'text'
  | 'deviceId'
  | 'instanceId'
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
  | 'unreachableSince'
  | 'state';

/** Reasons of a failed sign-in for which the page has its own texts. */
export type RefusalKind = 'secret' | 'origin' | 'protocol' | 'device' | 'other';

/**
 * The texts that the list and the bar need, in one language; they are loaded before anything is shown. Counts, times and names
 * arrive already formatted.
 */
export interface FirstWords extends Pick<RowWords, 'states'> {
  readonly title: string;
  readonly instances: string;
  readonly skipToList: string;

  readonly live: string;
  readonly connecting: string;
  readonly paused: string;
  readonly notLive: string;
  readonly restarting: string;
  readonly asOf: (time: string) => string;
  readonly noGateway: string;
  readonly lockedOut: string;
  readonly connectionLost: string;
  readonly tryNow: string;
  readonly gatewayUp: (span: string) => string;

  readonly pause: string;
  readonly resume: string;
  readonly more: string;

  readonly filter: string;
  readonly filterHint: string;
  readonly filters: string;
  readonly shown: (count: number, shown: string, all: string) => string;
  readonly loading: string;

  readonly view: string;
  readonly columns: Texts<
    'instance' | 'state' | 'hour' | 'where' | 'machine' | 'kind' | 'input' | 'version' | 'gateway' | 'updated'
  >;
  readonly inUse: string;
  /** Modes beyond those of every surface. */
  readonly modes: RowWords['modes'] & Texts<'viewer' | 'mobile'>;
  readonly roles: Texts<'operator' | 'node'>;
  readonly unnamed: string;
  readonly thisPage: string;
  readonly pinnedGateway: string;
  readonly connections: Counted;
  readonly gone: string;
  readonly isNew: string;
  readonly apps: Counted;
  readonly meters: Texts<'cpu' | 'memory' | 'disk'>;
  readonly meterText: (name: string, percent: string) => string;
  readonly leftTimes: Counted;

  readonly summary: string;
  readonly cards: Texts<'online' | 'left' | 'quiet' | 'attention'>;
  readonly ofAll: (count: string) => string;
  readonly nobody: Texts<'left' | 'quiet' | 'attention'>;
  readonly sections: Texts<'attention' | 'people' | 'servers' | 'viewers' | 'past' | 'arrived'>;
  readonly ofOwner: (owner: string) => string;
  readonly noMode: string;
  readonly noGatewayName: string;
  readonly andMore: (text: string) => string;

  readonly travel: string;
  readonly travelFailed: string;
}

/** The texts of the parts that are loaded later. */
export interface LaterWords extends Pick<RowWords, 'causes' | 'sorts'> {
  readonly upToDate: (time: string) => string;
  readonly settings: string;
  readonly help: string;
  readonly close: string;
  readonly facets: Texts<'state' | 'mode' | 'role' | 'tag' | 'gateway'>;
  readonly noMatchTitle: string;
  readonly noMatchText: string;
  readonly badQuery: (problem: string) => string;
  readonly removeFilter: (name: string) => string;
  readonly clearFilters: string;
  readonly sortBy: string;
  readonly sortAscending: string;
  readonly sortDescending: string;
  readonly groupBy: string;
  readonly groups: Texts<'sections' | 'device' | 'mode' | 'gateway' | 'none'>;
  readonly density: string;
  readonly densities: Texts<'compact' | 'comfortable'>;
  readonly columnsShown: string;
  readonly savedViews: string;
  readonly saveView: string;
  readonly viewName: string;
  readonly save: string;
  readonly cancel: string;
  readonly deleteView: (name: string) => string;

  /** What each state means, for the help. */
  readonly stateMeanings: RowWords['states'];
  readonly reasons: Texts<
    | 'self'
    | 'connect'
    | 'node-connected'
    | 'disconnect'
    | 'launch'
    | 'periodic'
    | 'heartbeat'
    | 'beacon'
    | 'wake'
    | 'activity'
    | 'shutdown'
    | 'sleep'
    | 'wake-word'
  >;
  readonly hourText: (percent: string) => string;
  readonly lastSeen: (time: string) => string;

  readonly since: (time: string) => string;
  readonly sinceJoined: (names: string) => string;
  readonly sinceLeft: (names: string) => string;
  readonly sinceUpdated: Counted;
  readonly sinceUpdatedTo: (version: string) => string;
  readonly sinceFlickered: (names: string) => string;
  readonly markSeen: string;

  readonly timeline: string;
  readonly timelineEmpty: string;
  readonly timelineFrom: Texts<'journal' | 'page'>;
  readonly timelineSince: (time: string) => string;
  readonly kinds: Texts<
    | 'joined'
    | 'left'
    | 'returned'
    | 'changed'
    | 'removed'
    | 'flapping'
    | 'gateway-up'
    | 'gateway-unreachable'
    | 'gateway-started'
    | 'gateway-stopping'
  >;
  readonly fieldFromTo: (field: string, before: string, after: string) => string;
  readonly changeSet: (field: string, value: string) => string;
  readonly changeDropped: (field: string) => string;
  readonly travelMoment: string;
  readonly travelEarlier: string;
  readonly travelLater: string;
  readonly travelAt: (time: string) => string;
  readonly travelBack: string;

  readonly gatewaysTitle: string;
  readonly gatewayStates: Texts<'up' | 'connecting' | 'unreachable' | 'restarting' | 'refused'>;
  readonly gatewayRows: Counted;
  readonly gatewayHeard: (age: string) => string;

  readonly detail: string;
  readonly detailGone: string;
  readonly detailLastSeen: (time: string) => string;
  readonly back: string;
  readonly detailSections: Texts<
    'presence' | 'identity' | 'machine' | 'connection' | 'host' | 'changes' | 'operator' | 'raw'
  >;
  readonly story: {
    readonly online: (span: string) => string;
    readonly onlineNow: string;
    readonly reporting: (age: string) => string;
    readonly quiet: (age: string) => string;
    readonly disconnected: (age: string, time: string) => string;
    readonly unreachable: (age: string) => string;
    readonly from: (address: string) => string;
    readonly through: (gateways: string) => string;
    readonly input: (age: string) => string;
    readonly inUse: string;
    readonly cause: (cause: string) => string;
  };
  readonly fields: Texts<FieldName>;
  readonly sources: Texts<FactSource>;
  readonly provenance: (parts: string) => string;
  readonly provenanceOf: (source: string, fields: string) => string;
  readonly provenanceAll: (source: string) => string;
  readonly showRows: (value: string) => string;
  readonly hostMeters: Texts<'load' | 'memoryFree' | 'diskFree'>;
  readonly ofTotal: (part: string, total: string) => string;
  readonly cpus: Counted;

  readonly actions: string;
  readonly copy: string;
  readonly copyLink: string;
  readonly copySummary: string;
  readonly copyJson: string;
  readonly copied: string;
  readonly copyFailed: string;
  readonly rename: string;
  readonly pin: string;
  readonly unpin: string;
  readonly mute: string;
  readonly unmute: string;
  readonly expect: string;
  readonly unexpect: string;
  readonly disconnect: string;
  readonly remove: string;
  readonly confirmDisconnect: (name: string) => string;
  readonly confirmRemove: (name: string) => string;
  readonly actionDone: string;
  readonly actionFailed: (reason: string) => string;
  readonly operatorFields: Texts<'name' | 'owner' | 'labels' | 'note'>;
  readonly labelsHint: string;

  readonly exportCsv: string;
  readonly exportJson: string;
  readonly language: string;
  readonly theme: string;
  readonly themes: Texts<'system' | 'light' | 'dark'>;
  readonly notifyNodes: string;
  readonly notifyNotices: string;
  readonly notifyDenied: string;
  readonly shortcutsOn: string;
  readonly signOut: string;

  readonly palette: string;
  readonly paletteHint: string;
  readonly paletteEmpty: string;
  readonly paletteGroups: Texts<'instances' | 'commands' | 'views'>;
  readonly showState: (state: string) => string;

  readonly signIn: string;
  readonly signInHint: string;
  readonly token: string;
  readonly remember: string;
  readonly rememberHint: string;
  readonly tokenRequired: string;
  readonly refusals: Texts<RefusalKind>;
  readonly refusedTitle: string;
  readonly noPermissionTitle: string;
  readonly noPermission: string;
  readonly otherToken: string;
  readonly gatewaySays: (reason: string) => string;

  readonly emptyTitle: string;
  readonly emptyText: string;
  readonly emptyAgent: string;
  readonly emptyBeacon: string;
  readonly emptyNode: string;
  readonly emptyCode: string;
  readonly emptyTokenHint: string;

  readonly truncated: (maximum: string) => string;
  readonly truncatedHint: string;
  readonly duplicates: Counted;
  readonly duplicateRows: (host: string, count: number, text: string) => string;
  readonly duplicateAdvice: Texts<DuplicateCause>;
  readonly showThem: string;

  readonly noticesTitle: string;
  readonly noticesNone: string;
  readonly noticesOver: string;
  readonly severalInstances: Counted;
  readonly notices: Readonly<Record<NoticeType, (name: string) => string>>;
  readonly acknowledge: string;
  readonly acknowledgedBy: (name: string) => string;

  readonly changesWaiting: Counted;
  readonly orderHeld: string;
  readonly applyOrder: string;

  readonly phone: string;
  readonly phoneHint: string;
  readonly phoneShow: string;
  readonly phoneCode: string;
  readonly phoneLocal: string;
  readonly phonePlain: string;

  readonly legend: string;
  readonly shortcuts: Texts<
    | 'palette'
    | 'filter'
    | 'next'
    | 'previous'
    | 'open'
    | 'sort'
    | 'refresh'
    | 'pause'
    | 'timeline'
    | 'help'
    | 'escape'
  >;
  readonly joined: (count: number, names: string) => string;
  readonly left: (count: number, names: string) => string;
  readonly nodeConnected: (host: string) => string;
  readonly nodeGone: (host: string) => string;
}

/** All texts of the page in one language. */
export interface Words extends FirstWords, LaterWords {}

/** The word of a table for a value of a client; a value without one is returned unchanged. */
function wordIn(table: Readonly<Record<string, string>>, said: string): string {
  return Object.hasOwn(table, said) ? (table[said] ?? said) : said;
}

/** A mode for people. */
export function modeText(mode: string, t: Pick<Words, 'modes'>): string {
  return wordIn(t.modes, mode);
}

/** A role for people. */
export function roleText(role: string, t: Pick<Words, 'roles'>): string {
  return wordIn(t.roles, role);
}

/** A reason for people; free words of beacons as they are. */
export function reasonText(reason: string, t: Pick<Words, 'reasons'>): string {
  return wordIn(t.reasons, reason);
}

/** A cause for people, with its evidence. */
export function causeText(
  cause: { readonly code: string; readonly evidence?: string },
  t: Pick<Words, 'causes'>,
): string {
  const word = wordIn(t.causes, cause.code);
  return cause.evidence === undefined ? word : `${word} (${cause.evidence})`;
}

/** Kinds of entries of the journal for people. */
export function kindText(kind: string, t: Pick<Words, 'kinds'>): string {
  return wordIn(t.kinds, kind);
}
