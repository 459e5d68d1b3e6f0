import { type TSchema, Type } from 'typebox';
import { LIMITS } from '../../protocol/index.ts';

/** Parameters of a method that needs none; what a client sends is not looked at, as OpenClaw does. */
export const ignoredParams: TSchema = Type.Unknown({ description: 'Not looked at.' });

/** `{ok: true}`, with more fields. */
export function done(fields: Readonly<Record<string, TSchema>> = {}): TSchema {
  return Type.Object({ ok: Type.Literal(true), ...fields });
}

/** Milliseconds since the epoch, by the clock of the gateway. */
export const momentSchema: TSchema = Type.Integer({ minimum: 0, description: 'Clock of the gateway, ms.' });

/** A whole number from 0. */
export const countSchema: TSchema = Type.Integer({ minimum: 0 });

/** Parameters of an operation on one row. */
export const keyParams: TSchema = Type.Object(
  {
    key: Type.String({
      minLength: 1,
      maxLength: LIMITS.maxWordLength,
      description: 'Presence key of the instance.',
    }),
  },
  { additionalProperties: false },
);

/** The parameter of {@link keyParams}. */
export interface KeyParams {
  readonly key: string;
}
