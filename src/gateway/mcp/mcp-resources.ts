import { ok, type Result } from '../../core/index.ts';
import { LIMITS } from '../../protocol/index.ts';
import { clientDataNote } from './client-text.ts';
import type { CallOperation } from './mcp-tool.ts';
import { callPresenceList, phrase } from './roster-answer.ts';
import { iso, rowReport } from './row-report.ts';

/** The list of now. */
export const rosterUri = 'rollcall://presence';
/** One row; `key` is percent-encoded. */
export const instanceTemplate = 'rollcall://instances/{key}';

/** Most rows of the list (PM6). */
const maxRows = 200;

/**
 * Reads a resource (PM3).
 *
 * @returns JSON for the reader, or `undefined` for a URI of no resource.
 */
export async function readResource(
  uri: string,
  call: CallOperation,
): Promise<Result<object | undefined, string>> {
  if (uri === rosterUri) return readRoster(call);
  const key = keyOf(uri);
  if (key === undefined) return ok(undefined);
  const q = `key:${phrase(key)}`;
  const answer = await callPresenceList(call, q.length > LIMITS.maxWordLength ? {} : { q });
  if (!answer.ok) return answer;
  const { rows, nowMs } = answer.value;
  const row = rows.find((each) => each.key === key);
  return ok(row && { note: clientDataNote, asOf: iso(nowMs), ...rowReport(row, nowMs) });
}

async function readRoster(call: CallOperation): Promise<Result<object, string>> {
  const answer = await callPresenceList(call, {});
  if (!answer.ok) return answer;
  const { rows, nowMs, truncated } = answer.value;
  const shown = rows.slice(0, maxRows);
  return ok({
    note: clientDataNote,
    asOf: iso(nowMs),
    rosterIsFull: truncated,
    leftOut: rows.length - shown.length,
    rows: shown.map((row) => rowReport(row, nowMs)),
  });
}

/** The key of an instance's URI; `undefined` for any other. */
function keyOf(uri: string): string | undefined {
  const [, encoded = ''] = /^rollcall:\/\/instances\/([^/?#]+)$/.exec(uri) ?? [];
  try {
    return decodeURIComponent(encoded) || undefined;
  } catch {
    return undefined;
  }
}
