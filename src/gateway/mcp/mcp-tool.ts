import { type Static, type TObject, type TProperties, type TSchema, Type } from 'typebox';
import type { Result } from '../../core/index.ts';
import { optional, schemaCheck } from '../../protocol/index.ts';
import type { Operation } from '../operations/operation.ts';
import { clientTextNote } from './client-text.ts';

/** Calls an operation of the gateway by its name; a refusal is returned as a line for people. */
export type CallOperation = (method: string, params: object) => Promise<Result<unknown, string>>;

/** What a tool found, in sentences and as data; `text` is without {@link clientTextNote}. */
export interface ToolAnswer<T = unknown> {
  readonly text: string;
  readonly data: T;
}

/** A tool that language models call, on every transport (PM1). */
export interface McpTool {
  readonly name: string;
  readonly title: string;
  /** When to call it and what comes back, for the model. */
  readonly description: string;
  /** Names of the operations that it calls. */
  readonly operations: readonly string[];
  readonly input: TSchema;
  readonly output: TSchema;
  /** Runs with unchecked arguments; a refusal is a line with what to do. */
  readonly call: (args: unknown, call: CallOperation) => Promise<Result<ToolAnswer, string>>;
}

/** Defines a tool; its arguments are checked by the schema before `run`. */
export function defineTool<Input extends TProperties, Output extends TSchema>(definition: {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly operations: readonly Operation[];
  readonly input: Input;
  readonly output: Output;
  readonly run: (
    args: Static<TObject<Input>>,
    call: CallOperation,
  ) => Promise<Result<ToolAnswer<Static<Output>>, string>>;
}): McpTool {
  const { run, operations, input: properties, ...rest } = definition;
  const input = Type.Object(properties, { additionalProperties: false });
  const check = schemaCheck(input);
  return {
    ...rest,
    input,
    operations: operations.map(({ name }) => name),
    async call(args, call) {
      const problem = check(args ?? {});
      if (problem !== undefined)
        return {
          ok: false,
          error: `The arguments of ${definition.name} do not fit: at ${problem.path}: ${problem.what}.`,
        };
      const found = await run((args ?? {}) as Static<TObject<Input>>, call);
      return found.ok
        ? { ok: true, value: { ...found.value, text: `${clientTextNote}\n\n${found.value.text}` } }
        : found;
    },
  };
}

/** Parameters of an operation as arguments of a tool: the same schema, the same words. */
export function parametersOf({ params }: Operation, ...names: readonly string[]): TProperties {
  const { properties } = params as TSchema & { readonly properties: TProperties };
  return Object.fromEntries(
    names.map((name) => {
      const schema = properties[name];
      if (schema === undefined) throw new TypeError(`no parameter ${name}`);
      return [name, schema];
    }),
  );
}

/** Default number of rows or entries of an answer, and the most (PM6). */
export const defaultLimit = 50;
const maxLimit = 200;

/** The argument for the number of rows or entries. */
export const limitParameter: { readonly limit: TSchema } = {
  limit: optional(
    Type.Integer({ minimum: 1, maximum: maxLimit, description: `Most items, default ${defaultLimit}.` }),
  ),
};

/** A moment as programs read it. */
export const isoSchema: TSchema = Type.String({ description: 'UTC, ISO 8601.' });
