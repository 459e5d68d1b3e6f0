import type { Static, TOptional, TSchema, TUnsafe } from 'typebox';
import type { TLocalizedValidationError } from 'typebox/error';
import { Compile, type Validator } from 'typebox/schema';
import type { Problem } from './word.ts';

/** Returns what is wrong with a value, or `undefined` when it fits the schema. */
export type SchemaCheck = (value: unknown) => Problem | undefined;

/**
 * A check of values from outside against a schema.
 *
 * Compiled at the first use. A value that fits costs one compiled call and no allocation; the reason is only worked
 * out for one that does not.
 */
export function schemaCheck(schema: TSchema): SchemaCheck {
  let validator: Validator | undefined;
  return (value) => {
    validator ??= Compile(schema);
    return validator.Check(value) ? undefined : firstProblem(validator.Errors(value)[1]);
  };
}

/**
 * Ties a schema to the type that the rest of the code uses: does not compile when the two differ.
 *
 * `readonly` is left out of the comparison; JSON has no such thing.
 */
export function schemaOf<T>(): <S extends TSchema>(schema: S & Matches<Static<S>, T>) => TUnsafe<T> {
  return (schema) => typedSchema<T>(schema);
}

/** The schema as one of values of this type, without a check of their content. `Type.Unsafe` would copy all of it at each start. */
export function typedSchema<T>(schema: TSchema): TUnsafe<T> {
  return schema as unknown as TUnsafe<T>;
}

/** The schema of a member that may be absent. `Type.Optional` would copy it twice, a sixth of all that a start takes. */
export function optional<T extends TSchema>(schema: T): TOptional<T> {
  const copy = Object.defineProperties({}, Object.getOwnPropertyDescriptors(schema));
  return Object.defineProperty(copy, '~optional', { value: true }) as TOptional<T>;
}

type Plain<T> = T extends readonly [unknown, ...unknown[]]
  ? { -readonly [K in keyof T]: T[K] }
  : T extends readonly (infer Item)[]
    ? Plain<Item>[]
    : T extends object
      ? { -readonly [K in keyof T]: Plain<T[K]> }
      : T;

type Same<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;

type Matches<A, B> = Same<Plain<A>, Plain<B>> extends true ? unknown : { readonly schemaDiffersFrom: B };

function firstProblem(errors: readonly TLocalizedValidationError[]): Problem {
  const error = errors[0];
  if (error === undefined) return { path: '/', what: 'is not valid' };
  if (error.keyword === 'required') {
    return { path: `${error.instancePath}/${error.params.requiredProperties[0]}`, what: 'is required' };
  }
  if (error.keyword === 'additionalProperties') {
    return { path: `${error.instancePath}/${error.params.additionalProperties[0]}`, what: 'is not known' };
  }
  return { path: error.instancePath === '' ? '/' : error.instancePath, what: demandOf(error) };
}

/** What the value must be; the library's words, except that an enum lists the values that it allows. */
function demandOf(error: TLocalizedValidationError): string {
  if (error.keyword !== 'enum') return error.message;
  return `must be one of ${error.params.allowedValues.join(', ')}`;
}
