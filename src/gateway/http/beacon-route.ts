import { Hono } from 'hono';
import { presenceKey, type Roster } from '../../core/index.ts';
import { type Beacon, invalidParams, parseBeacon, refusal, type WireError } from '../../protocol/index.ts';
import { beaconRefusal, type Caller, rosterRefusal } from '../access/caller.ts';
import { bearer, mayCall } from './bearer.ts';
import type { HttpContext, HttpEnv } from './http-context.ts';
import { refuseHttp } from './http-refusal.ts';
import { readBody } from './request-body.ts';

/** Most beacons of one request. */
export const maxBeacons = 100;
/** Largest body: more than the longest beacons need. */
const maxBodyBytes = 1_048_576;

type Checked =
  | { readonly ok: true; readonly beacons: readonly Beacon[] }
  | { readonly ok: false; readonly error: WireError; readonly index?: number };

/**
 * `POST /api/v1/beacons`: one beacon or a list of up to 100, with the schema and the rights of `system-event`
 * (PR6, PA5, PL4). All are checked before the first is stored.
 */
export function beaconRoute(context: HttpContext): Hono<HttpEnv> {
  const route = new Hono<HttpEnv>();
  route.post('/', bearer(context), mayCall('system-event'), async (c) => {
    const body = await readBody(c.env.incoming, maxBodyBytes);
    if (body === undefined) return refuseHttp(c, tooLong, { status: 413 });
    const checked = checkBeacons(jsonOf(body), c.get('caller'), context);
    if (!checked.ok) return refuseHttp(c, checked.error, checked);
    for (const beacon of checked.beacons) context.writer.beacon(beacon);
    return c.json({ ok: true, accepted: checked.beacons.length });
  });
  return route;
}

const tooLong = invalidParams('beacons', { path: '/', what: `must be at most ${maxBodyBytes} bytes` });
const noJson = invalidParams('beacons', { path: '/', what: 'must be JSON: one beacon or a list of them' });
const wrongCount = invalidParams('beacons', { path: '/', what: `must be 1 to ${maxBeacons} beacons` });

/** The value of a JSON text; `undefined` when it is none, or no UTF-8. */
function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

function checkBeacons(body: unknown, caller: Caller, context: HttpContext): Checked {
  if (body === undefined) return { ok: false, error: noJson };
  if (!Array.isArray(body)) return checkEach([body], caller, context, false);
  if (body.length === 0 || body.length > maxBeacons) return { ok: false, error: wrongCount };
  return checkEach(body, caller, context, true);
}

function checkEach(bodies: unknown[], caller: Caller, context: HttpContext, isList: boolean): Checked {
  const beacons: Beacon[] = [];
  for (const [index, body] of bodies.entries()) {
    const parsed = parseBeacon(body);
    const error = parsed.ok ? refusalOf(parsed.beacon, caller, context.writer) : parsed.error;
    if (error !== undefined) return { ok: false, error, ...(isList ? { index } : {}) };
    if (parsed.ok) beacons.push(parsed.beacon);
    // Two halves of a claim to be the gateway would pass one by one, and meet in the row (PR2).
    if (claimSelf(beacons)) return { ok: false, error: refusal('selfRow'), ...(isList ? { index } : {}) };
  }
  return { ok: true, beacons };
}

/** Of a list nothing is stored unless the roster takes all, so it is asked before. */
function refusalOf(beacon: Beacon, caller: Caller, roster: Pick<Roster, 'target'>): WireError | undefined {
  const error = beaconRefusal(beacon, caller, roster);
  if (error !== undefined) return error;
  const target = roster.target(beacon);
  return 'refusal' in target ? rosterRefusal(target.refusal) : undefined;
}

function claimSelf(beacons: readonly Beacon[]): boolean {
  return (
    beacons.some(({ facts }) => presenceKey(facts.mode) === 'gateway') &&
    beacons.some(({ facts }) => presenceKey(facts.reason) === 'self')
  );
}
