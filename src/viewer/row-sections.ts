import type { ListedRow } from '../core/index.ts';
import { type AttendedRow, isViewer } from './attention.ts';

/** Modes of programs that a person uses; all others are services. */
const peopleModes: ReadonlySet<string> = new Set(['ui', 'webchat', 'cli', 'mobile']);

/** True for a row whose program a person uses. */
export function isOfPeople({ mode = '' }: Pick<ListedRow, 'mode'>): boolean {
  return peopleModes.has(mode);
}

/** What rows of one computer share: the device, else host and address; undefined when neither is known. */
export function machineKey({ deviceId, host, ip, self }: ListedRow): string | undefined {
  if (self) return undefined;
  if (deviceId !== undefined) return `device ${deviceId}`;
  return host === undefined || ip === undefined ? undefined : `host ${host.toLowerCase()} ${ip}`;
}

/** What decides the section of a row beyond the row itself. */
export interface Sectioning {
  readonly needsAttention: boolean;
  /** True when a person uses its computer: all rows of that computer are in one section. */
  readonly isAtPeople: boolean;
}

/** The section of a row on page and terminal (PS6): `viewers`, `attention`, `owner NAME`, `people` or `servers`. */
export function sectionOfRow(row: AttendedRow, { needsAttention, isAtPeople }: Sectioning): string {
  if (isViewer(row)) return 'viewers';
  if (needsAttention) return 'attention';
  const owner = row.annotations?.owner;
  if (owner !== undefined) return `owner ${owner}`;
  return isOfPeople(row) || isAtPeople ? 'people' : 'servers';
}

const sectionOrder = [
  'attention',
  'owner',
  'people',
  'servers',
  'mode',
  'gateway',
  'viewers',
  'past',
  'arrived',
];

/** Orders sections from the top; several of a kind by their names. */
export function compareSections(a: string, b: string): number {
  if (a === b) return 0;
  const rank = (section: string): number => sectionOrder.indexOf(section.split(' ')[0] ?? '');
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}
