import { isAddress, normalizeIp } from './address.ts';
import { type FactNameOf, type Facts, factNamesFrom, fields } from './facts.ts';

/** What a `Node:` line states. */
export interface ParsedNodeText {
  readonly facts: Facts;
  /** The line has `last input unknown`. */
  readonly clearLastInput: boolean;
}

type MutableFacts = { -readonly [K in keyof Facts]: Facts[K] };

/**
 * Reads a summary line of the form
 * `Node: HOST (IP) · app VERSION · last input Ns ago · mode MODE · reason REASON` (PR6).
 *
 * Every part after the host may be missing, and parts may come in any order; a part that is not understood is
 * skipped. The time is linear in the length of the line.
 *
 * @returns `undefined` when the line does not begin with `Node:` or names no host.
 */
export function parseNodeText(text: string): ParsedNodeText | undefined {
  if (!text.startsWith('Node:')) return undefined;
  const [head = '', ...parts] = text.slice('Node:'.length).split('·');
  const facts: MutableFacts = {};
  readHead(head.trim(), facts);
  if (facts.host === undefined) return undefined;
  let clearLastInput = false;
  for (const part of parts) clearLastInput = readPart(part.trim(), facts) || clearLastInput;
  return { facts, clearLastInput };
}

/** The summary of a row that has none of its own (PF): `Node: HOST · mode MODE`. */
export function composeNodeText(facts: Facts): string | undefined {
  const name = facts.host ?? facts.ip;
  if (name === undefined) return undefined;
  return facts.mode === undefined ? `Node: ${name}` : `Node: ${name} · mode ${facts.mode}`;
}

/** Composes the summary of a row that has none of its own; one without a name gets none (PF). */
export function completeText(facts: MutableFacts): void {
  const text = facts.text ?? composeNodeText(facts);
  if (text !== undefined) facts.text = text;
}

/** The summary of the gateway's own row (PR1). */
export function composeGatewayText(facts: Facts): string {
  const where = facts.ip === undefined ? '' : ` (${facts.ip})`;
  const app = facts.version === undefined ? '' : ` · app ${facts.version}`;
  return `Gateway: ${facts.host ?? 'gateway'}${where}${app} · mode gateway · reason self`;
}

/** Facts by the word before their value. */
const labelled: ReadonlyMap<string, FactNameOf<'string'>> = new Map(
  factNamesFrom('text', 'string').flatMap((name) => {
    const { textLabel } = fields[name];
    return textLabel === undefined ? [] : [[textLabel, name] as const];
  }),
);

/** What the macOS app writes in the place of an address that it could not find. */
const unknownAddress = 'ip-unknown';

/** Reads `HOST (IP)`; brackets with anything but an address, as in `MacBook (2)`, belong to the host. */
function readHead(head: string, facts: MutableFacts): void {
  const open = head.endsWith(')') ? head.lastIndexOf('(') : -1;
  const inner = open === -1 ? undefined : head.slice(open + 1, -1).trim();
  const isPlace = inner !== undefined && (inner === '' || inner === unknownAddress || isAddress(inner));
  const host = (isPlace ? head.slice(0, open) : head).trim();
  const ip = isPlace ? normalizeIp(inner) : undefined;
  if (host !== '') facts.host = host;
  if (ip !== undefined) facts.ip = ip;
}

/** Reads one part into `facts`; true when the part is `last input unknown`. */
function readPart(part: string, facts: MutableFacts): boolean {
  const space = part.indexOf(' ');
  const word = part.slice(0, space);
  const value = part.slice(space + 1).trim();
  if (space === -1 || value === '') return false;
  if (word === 'last' && value === 'input unknown') return true;
  const fact = labelled.get(word);
  if (fact !== undefined) facts[fact] = value;
  else if (word === 'last') readLastInput(value, facts);
  return false;
}

function readLastInput(value: string, facts: MutableFacts): void {
  const digits = /^input (\d{1,12})s ago$/.exec(value)?.[1];
  if (digits !== undefined) facts.lastInputSeconds = Number(digits);
}
