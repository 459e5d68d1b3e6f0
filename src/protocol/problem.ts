/** Why a value from outside cannot be taken. */
export interface Problem {
  /** JSON pointer of the field, for example `/client/id`; `/` is the value itself. */
  readonly path: string;
  /** What it must be, for example `must be string`. */
  readonly what: string;
}
