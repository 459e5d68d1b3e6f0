import { FIELDS, type Field, type FieldProducer } from './fields.ts';

type Table = typeof FIELDS;

/** The name of a fact. */
export type FactName = keyof Table;

type ValueOf<Type extends Field['type']> = {
  readonly string: string;
  readonly strings: readonly string[];
  readonly integer: number;
}[Type];

/** The facts about an instance that a client, a beacon or a text line may report (PF). */
export type Facts = { readonly [Name in FactName]?: ValueOf<Table[Name]['type']> };

/** Facts of one type. */
export type FactNameOf<Type extends Field['type']> = {
  [Name in FactName]: Table[Name]['type'] extends Type ? Name : never;
}[FactName];

/** Facts that one producer may set. */
export type FactNameFrom<Producer extends FieldProducer> = {
  [Name in FactName]: Producer extends Table[Name]['from'][number] ? Name : never;
}[FactName];

/** Facts of the strict schema (PF1). */
export type PublicFactName = {
  [Name in FactName]: Table[Name] extends { readonly public: true } ? Name : never;
}[FactName];

/** The table with every row as a {@link Field}; does not compile when one is not. */
export const fields: Readonly<Record<FactName, Field>> = FIELDS;

/** The names of all facts, in the order of the table. */
export const factNames: readonly FactName[] = Object.keys(FIELDS) as FactName[];

/** The facts that `system-presence` and its kin carry; the others are of the instance view alone (PF1, PF3). */
export const publicFactNames: readonly PublicFactName[] = factNames.filter(
  (name): name is PublicFactName => fields[name].public === true,
);

/** The facts of one type that a producer may set. */
export function factNamesFrom<Producer extends FieldProducer, Type extends Field['type']>(
  producer: Producer,
  type: Type,
): readonly (FactNameFrom<Producer> & FactNameOf<Type>)[] {
  return factNames.filter(
    (name): name is FactNameFrom<Producer> & FactNameOf<Type> =>
      fields[name].type === type && fields[name].from.includes(producer),
  );
}
