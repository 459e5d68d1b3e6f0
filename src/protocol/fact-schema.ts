import { type TSchema, Type } from 'typebox';
import {
  type FactName,
  FIELD_BOUNDS,
  type FieldProducer,
  factNames,
  fields,
  publicFactNames,
} from '../core/index.ts';
import { optional } from './schema-check.ts';
import { wordSchema } from './word.ts';

/** The parameters by which a producer states facts, each optional, under their names on the wire. */
export function factParams(producer: FieldProducer): Record<string, TSchema> {
  const names = factNames.filter((name) => fields[name].from.includes(producer));
  return Object.fromEntries(names.map((name) => [paramName(name, producer), optional(paramSchema(name))]));
}

/** The properties of a row that hold facts, each optional: those of a strict entry, or all. */
export function factProperties(which: 'public' | 'all'): Record<string, TSchema> {
  const names: readonly FactName[] = which === 'public' ? publicFactNames : factNames;
  return Object.fromEntries(names.map((name) => [name, optional(rowSchema(name))]));
}

function paramName(name: FactName, producer: FieldProducer): string {
  const { sentAs } = fields[name];
  return sentAs !== undefined && (producer === 'connect' || producer === 'alive') ? sentAs : name;
}

function paramSchema(name: FactName): TSchema {
  const { type, format, description } = fields[name];
  if (type === 'integer') return Type.Integer({ description, minimum: 0, maximum: FIELD_BOUNDS.maxInteger });
  if (type === 'string') {
    return wordSchema(description, format === 'line' ? FIELD_BOUNDS.maxLineLength : FIELD_BOUNDS.maxLength);
  }
  return Type.Array(wordSchema('Item.'), { description, maxItems: FIELD_BOUNDS.maxItems });
}

function rowSchema(name: FactName): TSchema {
  const { type, description } = fields[name];
  if (type === 'integer') return Type.Integer({ description, minimum: 0 });
  const text = Type.String({ minLength: 1 });
  return type === 'strings' ? Type.Array(text, { description }) : Type.String({ description, minLength: 1 });
}
