import {
  type FactName,
  type Facts,
  factNames,
  type InstanceView,
  type SharedValues,
  sameValue,
} from '../../core/index.ts';

/** Facts that change by themselves or with every report: the journal leaves them out (PJ2). */
type VolatileFact = 'lastInputSeconds' | 'reason' | 'text';

type RowFact = Exclude<FactName, VolatileFact>;

/** The facts of a row that the journal keeps: who an instance is, where, and of which version. */
export type JournalRow = { readonly [Fact in RowFact]?: Facts[Fact] | undefined } & {
  /** Names of the gateways that hold the row, where there are several. */
  readonly gateways?: readonly string[] | undefined;
};

const volatileFacts: readonly VolatileFact[] = ['lastInputSeconds', 'reason', 'text'];
const rowFacts = factNames.filter((name): name is RowFact => !volatileFacts.some((other) => other === name));

/** Names of all members of a {@link JournalRow}. */
export const rowParts: readonly (keyof JournalRow)[] = [...rowFacts, 'gateways'];

type Part = string | readonly string[] | undefined;

/** The row of a view; `like` itself when nothing differs, and with its values where they are the same. */
export function journalRow(
  view: InstanceView,
  like: JournalRow | undefined,
  shared: SharedValues,
): JournalRow {
  if (like !== undefined && isSameRow(view, like)) return like;
  const row: { -readonly [Name in keyof JournalRow]: Part } = {};
  for (const fact of rowFacts) {
    const value = view[fact];
    if (value === undefined) continue;
    const known = like?.[fact];
    row[fact] = sameValue(value, known) ? known : shared.fact(fact, value, view.key);
  }
  // A row that no gateway holds any more keeps the names of the last ones.
  const gateways = view.gateways ?? like?.gateways;
  if (gateways !== undefined) row.gateways = sameValue(gateways, like?.gateways) ? like?.gateways : gateways;
  return row as JournalRow;
}

/** The values in `before` of the parts that differ in `after`; `undefined` when none does. */
export function changedParts(before: JournalRow, after: JournalRow): Partial<JournalRow> | undefined {
  if (before === after) return undefined;
  const changed = rowParts.filter((part) => !sameValue(before[part], after[part]));
  if (changed.length === 0) return undefined;
  return Object.fromEntries(changed.map((part) => [part, before[part]]));
}

/** True when the only difference is that the one gateway that holds the row is named now (PJ2). */
export function isOnlyNamed(changed: Partial<JournalRow>, after: JournalRow): boolean {
  const [part, ...others] = Object.keys(changed);
  const isNaming = part === 'gateways' && changed.gateways === undefined && others.length === 0;
  return isNaming && after.gateways?.length === 1;
}

function isSameRow(view: InstanceView, row: JournalRow): boolean {
  for (const fact of rowFacts) if (!sameValue(view[fact], row[fact])) return false;
  return view.gateways === undefined || sameValue(view.gateways, row.gateways);
}
