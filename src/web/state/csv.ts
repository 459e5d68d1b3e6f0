/** One value of a table. */
export type CsvValue = string | number | undefined;

/**
 * A table as CSV (RFC 4180), with the byte order mark by which spreadsheets know UTF-8.
 *
 * Text that a spreadsheet would run as a formula gets an apostrophe before it: names come from clients.
 */
export function toCsv(header: readonly string[], rows: readonly (readonly CsvValue[])[]): string {
  const lines = [header, ...rows].map((cells) => cells.map(csvCell).join(','));
  return `\uFEFF${lines.join('\r\n')}\r\n`;
}

function csvCell(value: CsvValue): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^\s*[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
