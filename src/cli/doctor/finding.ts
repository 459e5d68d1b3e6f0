/** One thing that a diagnosis found. */
export interface Finding {
  /** A problem wants a change; a note explains what a person may miss; the rest is as it should be. */
  readonly level: 'ok' | 'note' | 'problem';
  /** One line: what is so, then what to change. */
  readonly message: string;
}

/** What is as it should be. */
export function ok(message: string): Finding {
  return { level: 'ok', message };
}

/** What a person may miss. */
export function note(message: string): Finding {
  return { level: 'note', message };
}

/** What wants a change. */
export function problem(message: string): Finding {
  return { level: 'problem', message };
}
