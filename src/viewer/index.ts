export { type Duplicate, type DuplicateCause, findDuplicates } from './duplicate-rows.ts';
export { isGatewayRow, originOf, type RowOrigin } from './row-origin.ts';
export { isDisconnected, type StatusNote, statusNotes } from './status-note.ts';
