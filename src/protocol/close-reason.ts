/** Most bytes of a close reason: a control frame holds 125, two of them are the code (RFC 6455 §5.5). */
const maxReasonBytes = 123;

/** Shortens a message to what fits into a close frame, at a character boundary. */
export function closeReasonOf(message: string): string {
  let bytes = 0;
  let end = 0;
  for (const character of message) {
    bytes += utf8Length(character);
    if (bytes > maxReasonBytes) return message.slice(0, end);
    end += character.length;
  }
  return message;
}

function utf8Length(character: string): number {
  const point = character.codePointAt(0) ?? 0;
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
}
