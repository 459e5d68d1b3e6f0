import { refusal, type WireError } from '../../protocol/index.ts';
import { sourceOf } from '../access/source.ts';

/** Bounds of {@link ConnectionLimiter}. */
export interface ConnectionLimits {
  /** Most connections in all (PL5). */
  readonly maxConnections: number;
  /** Most connections of one source that have not finished the handshake (PL1). */
  readonly maxPreauthSocketsPerAddress: number;
}

/** The slot of one connection; both methods are idempotent. */
export interface ConnectionSlot {
  /** The handshake succeeded: the connection no longer counts against its source. */
  authenticated(): void;
  /** The connection is gone. */
  release(): void;
}

/** Limits the number of connections (PL1, PL5). Its memory is bounded by `maxConnections`. */
export class ConnectionLimiter {
  readonly #limits: ConnectionLimits;
  readonly #preauth = new Map<string, number>();
  #taken = 0;
  #isClosed = false;
  #onEmpty: () => void = () => {};

  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
  }

  /** Slots that are taken. */
  get taken(): number {
    return this.#taken;
  }

  /** Takes a slot for a connection from an address; an error when there is none. */
  take(address: string | undefined): ConnectionSlot | { readonly error: WireError } {
    if (this.#isClosed) return { error: refusal('draining') };
    if (this.#taken >= this.#limits.maxConnections) return { error: refusal('tooManyConnections') };
    const source = sourceOf(address);
    const waiting = this.#preauth.get(source) ?? 0;
    if (waiting >= this.#limits.maxPreauthSocketsPerAddress)
      return { error: refusal('tooManyPreauthSockets') };
    this.#preauth.set(source, waiting + 1);
    this.#taken += 1;
    return new Slot(this, source);
  }

  /** Refuses new connections: the gateway stops. Calls back, once, when the last slot is released. */
  close(onEmpty: () => void = () => {}): void {
    this.#isClosed = true;
    this.#onEmpty = onEmpty;
    this.#notifyWhenEmpty();
  }

  #notifyWhenEmpty(): void {
    if (!this.#isClosed || this.#taken > 0) return;
    const onEmpty = this.#onEmpty;
    this.#onEmpty = () => {};
    onEmpty();
  }

  /** For the slots: one connection of this source finished the handshake, or ended without. */
  leavePreauth(source: string): void {
    const waiting = (this.#preauth.get(source) ?? 0) - 1;
    if (waiting > 0) this.#preauth.set(source, waiting);
    else this.#preauth.delete(source);
  }

  /** For the slots: one connection was closed. */
  leave(): void {
    this.#taken -= 1;
    this.#notifyWhenEmpty();
  }
}

class Slot implements ConnectionSlot {
  #slots: ConnectionLimiter | undefined;
  /** Set before the handshake is done. */
  #source: string | undefined;

  constructor(slots: ConnectionLimiter, source: string) {
    this.#slots = slots;
    this.#source = source;
  }

  authenticated(): void {
    if (this.#source !== undefined) this.#slots?.leavePreauth(this.#source);
    this.#source = undefined;
  }

  release(): void {
    this.authenticated();
    this.#slots?.leave();
    this.#slots = undefined;
  }
}
