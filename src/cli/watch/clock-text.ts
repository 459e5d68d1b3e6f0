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
