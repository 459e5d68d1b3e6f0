/**
 * Text from a client, safe for one line of a terminal: control characters, escape sequences and invisible
 * direction marks become a space, and what is longer than `maxLength` (300) characters is cut.
 */
export function oneLine(text: string, maxLength = 300): string {
  const line = text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\s]+/gu, ' ')
    .trim();
  return line.length <= maxLength ? line : `${line.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

const steps: readonly { readonly unit: string; readonly seconds: number }[] = [
  { unit: 'd', seconds: 86_400 },
  { unit: 'h', seconds: 3_600 },
  { unit: 'm', seconds: 60 },
  { unit: 's', seconds: 1 },
];

/** A span of time in its one or two largest units, rounded down: `8s`, `4m 20s`, `3h 5m`, `2d`. */
export function spanText(totalSeconds: number): string {
  const seconds = Math.max(0, Math.floor(totalSeconds));
  const first = steps.findIndex((step) => seconds >= step.seconds);
  if (first === -1) return '0s';
  const [large, small] = [steps[first], steps[first + 1]];
  if (large === undefined) return '0s';
  const head = `${Math.floor(seconds / large.seconds)}${large.unit}`;
  const rest = small === undefined ? 0 : Math.floor((seconds % large.seconds) / small.seconds);
  return rest === 0 || small === undefined ? head : `${head} ${rest}${small.unit}`;
}

/** A moment as `HH:MM:SS` in the time zone of the person. */
export function clockText(epochMs: number): string {
  const date = new Date(epochMs);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(':');
}

/** A moment with its day, `YYYY-MM-DD HH:MM:SS`, in the time zone of the person. */
export function dateText(epochMs: number): string {
  const date = new Date(epochMs);
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(twoDigits).join('-');
  return `${day} ${clockText(epochMs)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** A number of bytes for people: `512 bytes`, `1.5 GiB`. */
export function sizeText(bytes: number): string {
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  const amount = bytes / 1024 ** power;
  return `${power === 0 || amount >= 100 ? Math.round(amount) : amount.toFixed(1)} ${units[power]}`;
}
