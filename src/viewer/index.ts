export { type Attention, attentionOf, fullShare, type HostShare, hostShares, isViewer } from './attention.ts';
export { type Duplicate, type DuplicateCause, findDuplicates } from './duplicate-rows.ts';
export { type Moment, type MomentOptions, momentMs, parseMoment } from './moment.ts';
export {
  isDisconnected,
  isGatewayRow,
  originOf,
  type PresenceState,
  presenceStateOf,
  presenceStates,
  type RowOrigin,
} from './presence-state.ts';
export {
  allOf,
  createMatcher,
  dependsOnTime,
  everyRow,
  foldText,
  matches,
  parseQuery,
  type Query,
  type QueryError,
  type QueryView,
  queryOfChoices,
  readQuery,
  type Term,
} from './query.ts';
export {
  type QueriedAnnotations,
  type QueriedRow,
  type QueryField,
  queryFieldOf,
  queryFields,
} from './query-fields.ts';
export {
  byState,
  type ChosenOrder,
  compareRows,
  type NamedRow,
  nextSortKey,
  type RowOrder,
  rowName,
  type SortKey,
  sortKeys,
  sortRows,
} from './row-order.ts';
export { compareSections, isOfPeople, machineKey, sectionOfRow } from './row-sections.ts';
export { englishModes, englishSections, englishStates, type KnownMode, knownModes } from './state-words.ts';
export { englishWords, modeWord, type RowWords } from './words.ts';
