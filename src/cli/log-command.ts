import type { PresenceClient } from '../client/index.ts';
import type { JournalEntry } from '../sinks/index.ts';
import { momentMs, parseMoment } from '../viewer/index.ts';
import { type CommandContext, withGateway } from './command-context.ts';
import type { GatewayCall } from './gateway-call.ts';
import { resolveTarget, type TargetFlags } from './gateway-target.ts';
import { journalLine, journalTable } from './journal-text.ts';
import { misused, ok, type Result, refused } from './result.ts';
import { readScopes } from './scopes.ts';
import { dateText } from './text-format.ts';
import { createWatcher } from './watch-command.ts';

/** Flags of `rollcall log`. */
export interface LogFlags extends TargetFlags {
  readonly since?: string;
  readonly until?: string;
  readonly limit?: string;
  readonly follow?: boolean;
  readonly json?: boolean;
}

/** What a gateway answers to `presence.journal`. */
interface JournalPage {
  readonly entries: readonly JournalEntry[];
  readonly cursor: string;
  readonly cutOffAtMs?: number;
}

/** Entries of one request. */
const pageSize = 1_000;
const defaultLimit = 100;
/** Least time between two requests for the journal after changes, milliseconds. */
const followMs = 200;

/** `rollcall log [who…]`: who came, who went, and why; with `--follow` until it is stopped (PJ12). */
export async function runLog(
  context: CommandContext,
  words: readonly string[],
  flags: LogFlags,
): Promise<Result<void>> {
  const { shell } = context;
  const limit = flags.limit === undefined ? undefined : Number(flags.limit);
  if (limit !== undefined && (!Number.isInteger(limit) || limit < 1))
    return misused('--limit: needs a number from 1');
  const who = words.join(' ').trim();
  const asked = who === '' ? {} : { who };
  const read = await withGateway({
    context,
    flags,
    scopes: readScopes,
    work: async (call): Promise<Result<string>> => {
      const moments = readMoments(flags, call.gatewayNowMs());
      if (!moments.ok) return moments;
      const answer = await readJournal(call, { ...asked, ...moments.value }, limit);
      if (!answer.ok) return answer;
      const { entries, cursor, cutOffAtMs } = answer.value;
      if (cutOffAtMs !== undefined)
        shell.complain(`the journal is complete only since ${dateText(cutOffAtMs)}`);
      printEntries(context, entries, flags, call.gatewayNowMs());
      return ok(cursor);
    },
  });
  if (!read.ok) return read;
  return flags.follow ? followJournal(context, { cursor: read.value, asked, flags }) : ok(undefined);
}

/** Parses a flag that is a moment, in the time zone of this computer. */
export function readMoment(flag: string, text: string, nowMs: number): Result<number> {
  const moment = parseMoment(text, { local: true });
  return moment.ok ? ok(momentMs(moment.value, nowMs)) : misused(`${flag}: ${moment.error}`);
}

/** Why a gateway has no answer about the past. */
export function lacksJournal(call: GatewayCall): Result<never> | undefined {
  if (call.serves('presence.journal')) return undefined;
  return refused('this gateway keeps no journal: it must be a Rollcall gateway of this version or later');
}

function readMoments({ since, until }: LogFlags, nowMs: number): Result<{ since?: number; until?: number }> {
  const moments: { since?: number; until?: number } = {};
  for (const [name, text] of [
    ['since', since],
    ['until', until],
  ] as const) {
    if (text === undefined) continue;
    const moment = readMoment(`--${name}`, text, nowMs);
    if (!moment.ok) return moment;
    moments[name] = moment.value;
  }
  return ok(moments);
}

/** The requested entries; since a moment all of them, page by page, unless there is a limit. */
async function readJournal(
  call: GatewayCall,
  asked: { readonly since?: number },
  limit: number | undefined,
): Promise<Result<JournalPage>> {
  const lacking = lacksJournal(call);
  if (lacking !== undefined) return lacking;
  const most = limit ?? (asked.since === undefined ? defaultLimit : Number.POSITIVE_INFINITY);
  const entries: JournalEntry[] = [];
  let first: JournalPage | undefined;
  let params: object = asked;
  for (;;) {
    const size = Math.min(pageSize, most - entries.length);
    const answer = await call.request('presence.journal', { ...params, limit: size });
    if (!answer.ok) return answer;
    const page = answer.value as JournalPage;
    first ??= page;
    entries.push(...page.entries);
    const isDone = page.entries.length < size || entries.length >= most || asked.since === undefined;
    if (isDone) return ok({ ...first, entries, cursor: page.cursor });
    params = { ...asked, cursor: page.cursor };
  }
}

function printEntries(
  { shell }: CommandContext,
  entries: readonly JournalEntry[],
  { json, follow }: LogFlags,
  nowMs: number,
): void {
  if (json) for (const entry of entries) shell.print(JSON.stringify(entry));
  else if (follow) for (const entry of entries) shell.print(journalLine(entry, shell, nowMs));
  else if (entries.length > 0) shell.print(journalTable(entries, shell, nowMs));
  else shell.complain('no entries');
}

/** Requests new entries whenever the roster changed, until a stop signal; continues at the cursor after a lost connection. */
async function followJournal(
  context: CommandContext,
  { cursor, asked, flags }: { readonly cursor: string; readonly asked: object; readonly flags: LogFlags },
): Promise<Result<void>> {
  const { shell } = context;
  const target = resolveTarget(flags, shell);
  if (!target.ok) return target;
  const client = await createWatcher(context, target.value);
  const reader = new JournalFollower(client, cursor, asked, (page) => {
    if (page.cutOffAtMs !== undefined)
      shell.complain(`rollcall: entries before ${dateText(page.cutOffAtMs)} are gone`);
    printEntries(context, page.entries, flags, client.serverNowMs());
  });
  const { outcome, end } = ending(client);
  const forget = shell.onStopSignal(() => end(ok(undefined)));
  client.subscribe(() => {
    const { state } = client;
    if (state.phase === 'refused') end(refused(state.reason));
    else if (state.phase === 'connected') reader.wake();
  });
  client.start();
  const result = await outcome;
  reader.close();
  forget();
  return result;
}

function ending(client: PresenceClient): {
  readonly outcome: Promise<Result<void>>;
  readonly end: (result: Result<void>) => void;
} {
  let end: (result: Result<void>) => void = () => {};
  const outcome = new Promise<Result<void>>((resolve) => {
    end = (result) => {
      client.stop();
      resolve(result);
    };
  });
  return { outcome, end };
}

/** Reads on from a cursor, one request at a time. */
class JournalFollower {
  readonly #client: PresenceClient;
  readonly #asked: object;
  readonly #print: (page: JournalPage) => void;
  #cursor: string;
  #timer: NodeJS.Timeout | undefined;
  #isAsking = false;
  #isClosed = false;

  constructor(client: PresenceClient, cursor: string, asked: object, print: (page: JournalPage) => void) {
    this.#client = client;
    this.#cursor = cursor;
    this.#asked = asked;
    this.#print = print;
  }

  /** There may be new entries. */
  wake(): void {
    if (this.#isClosed) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#read();
    }, followMs);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  async #read(): Promise<void> {
    if (this.#isAsking) return this.wake();
    this.#isAsking = true;
    try {
      const params = { ...this.#asked, cursor: this.#cursor, limit: pageSize };
      const page = await this.#client.request<JournalPage>('presence.journal', params);
      this.#cursor = page.cursor;
      if (page.entries.length > 0 || page.cutOffAtMs !== undefined) this.#print(page);
      if (page.entries.length === pageSize) this.wake();
    } catch {
      // The connection was lost: the next one continues at the cursor.
    } finally {
      this.#isAsking = false;
    }
  }
}
