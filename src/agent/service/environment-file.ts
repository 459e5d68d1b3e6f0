import { SettingError } from './service-definition.ts';

/**
 * Text of an environment file as `node --env-file` reads it back, value for value.
 *
 * Absent values are left out. Throws a SettingError for a line break, or for a value that holds all three kinds of quotes.
 */
export function renderEnvironmentFile(settings: Readonly<Record<string, string | undefined>>): string {
  const lines = Object.entries(settings).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${quoted(name, value)}`],
  );
  return `# Settings of this rollcall service. Keep this file to yourself: it may hold a secret.\n${lines.join('\n')}\n`;
}

function quoted(name: string, value: string): string {
  if (/[\r\n\0]/.test(value)) throw new SettingError(`${name} must be one line of text`);
  // Within these quotes the parser takes every character as it is.
  const quote = ["'", '`', ...(value.includes('\\') ? [] : ['"'])].find((mark) => !value.includes(mark));
  if (quote === undefined) throw new SettingError(`${name} holds every kind of quote; choose another value`);
  return `${quote}${value}${quote}`;
}
