import { type Cause, type Facts, type InstanceView, type Logger, presenceKey } from '../../core/index.ts';
import {
  errorFrame,
  eventFrame,
  eventFrameSuffix,
  grantsRead,
  LIMITS,
  parseFrame,
  rateLimited,
  refusal,
  responseFrameHead,
  responseFrameSuffix,
  type WireClose,
  type WireError,
  wireClose,
} from '../../protocol/index.ts';
import type {
  Encoder,
  EventEncoders,
  FanOut,
  GatewayCounts,
  MessageParts,
  SlowReader,
  Subscriber,
  UnreadBytes,
} from '../../sinks/index.ts';
import type { Caller } from '../access/caller.ts';
import type { NewInstances } from '../access/new-instances.ts';
import type { RequestLimits } from '../access/request-rate.ts';
import { RequestRate } from '../access/request-rate.ts';
import type { OperationContext, Reply, ReplyNowOrLater } from '../operations/operation.ts';
import type { OperationRegistry } from '../operations/registry.ts';
import type { PresenceWriter } from '../presence/presence.ts';
import type { Place } from '../presence/shared-instances.ts';
import type { DeadlineEntry, DeadlineQueue } from '../time/deadline-queue.ts';
import type { Peer, Transport } from '../transport.ts';
import type { HandshakeRules } from './handshake.ts';
import { type Admission, checkConnect } from './handshake.ts';
import type { HelloContext } from './hello.ts';
import { helloParts } from './hello.ts';
import type { KeepAlive, KeptAlive } from './keep-alive.ts';
import {
  closedByGateway,
  noGoodbye,
  type PeerClose,
  peerLeft,
  slowReader,
  stoppedAnswering,
} from './leave-cause.ts';
import type { RefusalLog } from './refusal-log.ts';

/** What a session reads through. */
export interface SessionReading extends Pick<HelloContext, 'presence' | 'lists'> {
  readonly fanOut: FanOut;
  readonly encoders: EventEncoders;
}

/** What all sessions of a gateway share. */
export interface SessionContext extends HandshakeRules, HelloContext {
  readonly writer: PresenceWriter;
  /** How many new rows each credential may make (PT3). */
  readonly newInstances: NewInstances;
  /** True for a mode that is never listed (PR4). */
  readonly isHidden: (mode: string | undefined) => boolean;
  readonly fanOut: FanOut;
  readonly encoders: EventEncoders;
  /** Through what those read whose token is limited to some gateways (PU14). */
  readonly restricted: (gateways: readonly string[]) => SessionReading;
  readonly keepAlive: KeepAlive<Session>;
  /** Who has not finished the handshake yet, by when it must (PW2). */
  readonly deadlines: DeadlineQueue<Session>;
  /** All sessions whose socket lives. */
  readonly sessions: Set<Session>;
  /** What operations work with that a caller asks for: everything, or what its token is limited to (PU14). */
  readonly operationContextOf: (caller: Caller) => OperationContext;
  readonly operations: OperationRegistry;
  readonly counts: GatewayCounts;
  /** A new random id: connection ids and nonces. */
  readonly newId: () => string;
  readonly logger: Logger;
  readonly refusalLog: RefusalLog;
  /** Most bytes that may wait for one reader (PL2). */
  readonly maxBufferedBytes: number;
  /** Bounds what all readers leave unread (PL8). */
  readonly unread: UnreadBytes;
  /** How many requests a connection may send (PL3). */
  readonly requestLimits: RequestLimits;
}

/** Where a connection stands. */
type State = AwaitingConnect | Connected | { readonly kind: 'closing' };

/** What the handshake is checked by; nobody needs it afterwards. */
interface AwaitingConnect {
  readonly kind: 'awaiting-connect';
  readonly peer: Peer;
  readonly nonce: string;
  readonly deadline: DeadlineEntry<Session>;
}

/** What stays of an admission as long as the connection does: the roster has the facts. */
interface Connected
  extends Pick<Admission, 'role' | 'scopes' | 'principal' | 'deviceId' | 'wantsDeltas' | 'wantsNotices'> {
  readonly kind: 'connected';
  /** The name that the client gave itself, and its address: where it comes from, to notice identities that were copied. */
  readonly host: string | undefined;
  readonly address: string | undefined;
}

const closing: State = { kind: 'closing' };
const invalidFrame: Reply = { ok: false, error: refusal('invalidFrame') };

/**
 * One connection: challenge, handshake, requests, events, close (PW2, PW10).
 *
 * The owner of the transport calls {@link receive}, {@link answered}, {@link drained} and {@link closed}.
 */
export class Session implements Subscriber, KeptAlive<Session>, SlowReader {
  readonly connectionId: string;
  readonly #transport: Transport;
  readonly #context: SessionContext;
  #state: State;
  #seq = 0;
  #unauthorizedCalls = 0;
  /** Bytes of the largest message that the reader did not take at once. */
  #largestUnread = 0;
  /** Made for the first request: many connections never send one. */
  #rate: RequestRate | undefined;
  sentVersion = 0;
  needsSnapshot = false;
  pingedMonoMs: number | undefined;
  pingDue: DeadlineEntry<Session> | undefined;

  constructor(transport: Transport, peer: Peer, context: SessionContext) {
    this.connectionId = context.newId();
    this.#transport = transport;
    this.#context = context;
    const now = context.presence.now();
    const nonce = context.newId();
    const deadline = context.deadlines.add(this, now.monoMs);
    this.#state = { kind: 'awaiting-connect', peer, nonce, deadline };
    context.sessions.add(this);
    this.#send([eventFrame('connect.challenge', { nonce, ts: Math.round(now.wallMs) })]);
  }

  get encoder(): Encoder {
    const { list, delta } = this.#reading.encoders;
    return this.#state.kind === 'connected' && this.#state.wantsDeltas ? delta : list;
  }

  /** True for who asked for notices and may read presence (PN16). */
  get wantsNotices(): boolean {
    const state = this.#state;
    return state.kind === 'connected' && state.wantsNotices && grantsRead(state.scopes);
  }

  get isConnected(): boolean {
    return this.#state.kind === 'connected';
  }

  /** Where it comes from; `undefined` before the handshake and after the end. */
  get place(): Place | undefined {
    if (this.#state.kind !== 'connected') return undefined;
    const { host, address } = this.#state;
    return { host, address };
  }

  /** Role and state, for metrics. */
  get standing(): { readonly role: string; readonly state: string } {
    const role = this.#state.kind === 'connected' ? this.#state.role : 'none';
    return { role, state: this.#state.kind };
  }

  /** Name of the credential it came in with; `undefined` before the handshake and after the end. */
  get credential(): string | undefined {
    return this.#state.kind === 'connected' ? this.#state.principal.name : undefined;
  }

  get isBehind(): boolean {
    return this.#transport.isBehind;
  }

  /** A text message, or a binary one that holds UTF-8 text (PW1). */
  receive(text: string): void {
    switch (this.#state.kind) {
      case 'awaiting-connect':
        return this.#receiveConnect(text, this.#state);
      case 'connected':
        return this.#receiveRequest(text, this.#state);
      case 'closing':
        return;
    }
  }

  /** The other side answered a ping (PR7). */
  answered(): void {
    if (this.#state.kind !== 'connected') return;
    const rttMs = this.#context.keepAlive.answered(this);
    if (rttMs !== undefined) this.#context.writer.renew(this.connectionId, rttMs);
  }

  /** The reader caught up: it gets the newest state in place of the flushes that it missed (PL2). */
  drained(): void {
    this.#context.unread.remove(this);
    if (this.#state.kind === 'connected') this.#reading.fanOut.drained(this);
  }

  /** The socket is gone; `peer` says how the other side ended it. */
  closed(peer: PeerClose = noGoodbye): void {
    this.#context.unread.remove(this);
    if (this.#state.kind === 'connected') this.#leave(peerLeft(peer, this.#row()));
    else this.#leave(undefined);
    this.#context.sessions.delete(this);
  }

  ping(): void {
    this.#transport.ping();
  }

  get unreadBytes(): number {
    return this.#transport.bufferedBytes;
  }

  /** Its place is needed (PL8). A close frame would wait behind all that it does not read. */
  drop(): void {
    if (this.#state.kind !== 'closing') this.#context.counts.slowConsumers += 1;
    this.#leave(slowReader);
    this.#transport.terminate();
  }

  lost(pingedMonoMs: number): void {
    this.#context.logger.info({ connectionId: this.connectionId }, 'connection stopped answering');
    this.#leave(stoppedAnswering(pingedMonoMs, this.#context.presence.now(), this.#row()));
    this.#transport.terminate();
  }

  sendEvent(prefix: MessageParts): void {
    this.#seq += 1;
    this.#send([...prefix, eventFrameSuffix(this.#seq)]);
  }

  /** Ends the connection and takes it out of the roster, for this cause (PJ1). */
  close(close: WireClose, cause: Cause = closedByGateway(close)): void {
    if (this.#state.kind === 'closing') return;
    this.#leave(cause);
    this.#transport.close(close.closeCode, close.closeReason);
  }

  #receiveConnect(text: string, { peer, nonce }: AwaitingConnect): void {
    const frame = parseFrame(text);
    if (frame.kind === 'not-json') return this.close(wireClose('notJson'));
    if (frame.kind === 'invalid') return this.close(wireClose('firstFrameInvalid'));
    if (frame.method !== 'connect') return this.#refuse(frame.id, peer, refusal('notConnect'));
    const nowMs = this.#context.presence.now().wallMs;
    const checked = checkConnect(frame.params, { peer, nonce, nowMs }, this.#context);
    if (checked.ok) this.#admit(frame.id, peer, checked.value);
    else this.#refuse(frame.id, peer, checked.error);
  }

  #admit(requestId: string, peer: Peer, admission: Admission): void {
    const { writer, keepAlive } = this.#context;
    const { facts, role, scopes, principal, deviceId, wantsDeltas, wantsNotices } = admission;
    const { connectionId } = this;
    const observed = peer.address === undefined ? {} : { observedIp: peer.address };
    // Whether there is a gateway of that name is not to be found out by connecting as it (PU14).
    if (principal.gateways !== undefined && isGatewayKey(facts.instanceId))
      return this.#refuse(requestId, peer, refusal('selfRow'));
    const { newInstances, isHidden } = this.#context;
    const limited = newInstances.refusal(principal.name, () => !isHidden(facts.mode) && this.#isNew(facts));
    if (limited !== undefined) return this.#refuse(requestId, peer, limited);
    const outcome = writer.connect({ connectionId, facts, role, scopes, ...observed });
    if ('refusal' in outcome) return this.#refuse(requestId, peer, refusal('selfRow'));
    newInstances.count(principal.name, outcome);
    this.#leaveDeadline();
    keepAlive.add(this);
    this.#state = {
      kind: 'connected',
      host: admission.displayName,
      address: peer.address,
      role,
      scopes,
      principal,
      deviceId,
      wantsDeltas,
      wantsNotices: wantsNotices && principal.gateways === undefined,
    };
    const { presence, lists, fanOut } = this.#reading;
    this.sentVersion = presence.version;
    const context = principal.gateways === undefined ? this.#context : { ...this.#context, presence, lists };
    this.#respond(requestId, helloParts(admission, connectionId, context));
    // The hello alone may be more than a slow reader can hold; then it is closed already.
    if (!this.isConnected || !grantsRead(scopes)) return;
    if (wantsDeltas) fanOut.addWithSnapshot(this);
    else fanOut.add(this);
  }

  #isNew({ instanceId, deviceId }: Facts): boolean {
    const key = presenceKey(instanceId) ?? presenceKey(deviceId);
    return key === undefined || this.#context.presence.get(key) === undefined;
  }

  #receiveRequest(text: string, caller: Connected): void {
    const frame = parseFrame(text);
    switch (frame.kind) {
      case 'not-json':
        return;
      case 'invalid':
        return this.#answer(frame.id ?? 'invalid', this.#limited() ?? invalidFrame);
      case 'request':
        return this.#answer(frame.id, this.#limited() ?? this.#call(frame.method, frame.params, caller));
    }
  }

  /** The refusal of a request that comes too fast (PL3). */
  #limited(): Reply | undefined {
    this.#rate ??= new RequestRate(this.#context.requestLimits);
    const waitMs = this.#rate.take(this.#context.presence.now().monoMs);
    return waitMs === 0 ? undefined : { ok: false, error: rateLimited(waitMs) };
  }

  #call(method: string, params: unknown, { role, scopes, deviceId, principal }: Connected): ReplyNowOrLater {
    const { operations, operationContextOf } = this.#context;
    const found = operations.find(method, { role, scopes });
    if (!found.ok) return { ok: false, error: this.#counted(found.error) };
    const { connectionId } = this;
    const caller = {
      connectionId,
      role,
      scopes,
      deviceId,
      credential: principal.name,
      gateways: principal.gateways,
    };
    try {
      const reply = found.value.call(params, caller, operationContextOf(caller));
      return reply instanceof Promise ? reply.catch((fault) => this.#fault(method, fault)) : reply;
    } catch (fault) {
      return this.#fault(method, fault);
    }
  }

  #fault(method: string, fault: unknown): Reply {
    const { connectionId } = this;
    this.#context.logger.error({ err: fault, method, connectionId }, 'method failed');
    return { ok: false, error: refusal('internalError') };
  }

  /** A client that keeps calling above its role is closed with the answer (PW10). */
  #counted(error: WireError): WireError {
    if (error.name !== 'unauthorizedRole') return error;
    this.#unauthorizedCalls += 1;
    if (this.#unauthorizedCalls <= LIMITS.maxUnauthorizedCalls) return error;
    return { ...error, ...wireClose('repeatedUnauthorized') };
  }

  #answer(requestId: string, reply: ReplyNowOrLater): void {
    if (reply instanceof Promise) return void reply.then((later) => this.#answer(requestId, later));
    if (reply.ok) return this.#respond(requestId, reply.payload);
    this.#send([errorFrame(requestId, reply.error)]);
    const { closeCode, closeReason = '' } = reply.error;
    if (closeCode !== undefined) this.close({ closeCode, closeReason });
  }

  #respond(requestId: string, payload: MessageParts): void {
    this.#send([responseFrameHead(requestId), ...payload, responseFrameSuffix]);
  }

  /** Refuses the handshake: an answer, then the close. */
  #refuse(requestId: string, { address }: Peer, error: WireError): void {
    const { closeCode = 1008, closeReason = error.message } = error;
    const { presence, refusalLog } = this.#context;
    const { connectionId } = this;
    refusalLog.refused({ connectionId, address, reason: error.message }, presence.now().monoMs);
    this.#context.counts.refused(String(error.details?.['code'] ?? error.code));
    this.#send([errorFrame(requestId, error)]);
    this.close({ closeCode, closeReason });
  }

  /**
   * A reader that leaves too much unread is closed at the next message, not at the one that filled its buffer: a list may be
   * larger than the bound, and a reader that is taking it is not slow (PL2). So the largest message stands beside the bound.
   */
  #send(parts: MessageParts): void {
    if (this.#state.kind === 'closing') return;
    const unreadBytes = this.#transport.bufferedBytes;
    if (unreadBytes <= this.#context.maxBufferedBytes + this.#largestUnread) {
      this.#transport.send(parts);
      this.#largestUnread = Math.max(this.#largestUnread, this.#transport.bufferedBytes - unreadBytes);
      if (this.#transport.isBehind) this.#context.unread.sent(this, parts);
      return;
    }
    this.#context.counts.slowConsumers += 1;
    this.close(wireClose('slowConsumer'), slowReader);
  }

  /** Leaves the roster and whatever waits for this session; harmless when done already. */
  #leave(cause: Cause | undefined): void {
    if (this.#state.kind === 'awaiting-connect') this.#leaveDeadline();
    if (this.#state.kind === 'connected') {
      this.#reading.fanOut.remove(this);
      this.#context.keepAlive.remove(this);
      this.#state = closing;
      this.#context.writer.disconnect(this.connectionId, cause);
    }
    this.#state = closing;
  }

  get #reading(): SessionReading {
    const gateways = this.#state.kind === 'connected' ? this.#state.principal.gateways : undefined;
    return gateways === undefined ? this.#context : this.#context.restricted(gateways);
  }

  #row(): InstanceView | undefined {
    const { presence, writer } = this.#context;
    return presence.get(writer.keyOf(this.connectionId) ?? '');
  }

  #leaveDeadline(): void {
    if (this.#state.kind === 'awaiting-connect') this.#context.deadlines.remove(this.#state.deadline);
  }
}

function isGatewayKey(instanceId: string | undefined): boolean {
  return presenceKey(instanceId)?.startsWith('gateway:') === true;
}
