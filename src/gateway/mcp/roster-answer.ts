import { err, ok, type Result } from '../../core/index.ts';
import type { CallOperation } from './mcp-tool.ts';
import type { ReportedRow } from './row-report.ts';

/** A row that left, as `presence.list` with `departed` returns it. */
export type DepartedRow = ReportedRow & { readonly leftAtMs?: number; readonly lastSeenMs?: number };

/** What `presence.list` answered. */
export interface RosterAnswer {
  readonly rows: readonly DepartedRow[];
  /** The gateway's clock. */
  readonly nowMs: number;
  /** The gateway dropped rows for want of room. */
  readonly truncated: boolean;
  /** Of a list of the departed: complete only since then. */
  readonly cutOffAtMs?: number;
}

/** Reads rows; `params` are those of `presence.list`. */
export async function callPresenceList(
  call: CallOperation,
  params: object,
): Promise<Result<RosterAnswer, string>> {
  const answer = await call('presence.list', params);
  if (!answer.ok) return answer;
  const { instances, now, truncated, cutOffAtMs } = (answer.value ?? {}) as Readonly<Record<string, unknown>>;
  if (!Array.isArray(instances) || typeof now !== 'number')
    return err('The gateway did not answer with a list of instances.');
  return ok({
    rows: instances as readonly DepartedRow[],
    nowMs: now,
    truncated: truncated === true,
    ...(typeof cutOffAtMs === 'number' && { cutOffAtMs }),
  });
}

/** The query for rows that contain a text, whatever is in it. */
export function phrase(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}
