import type { ClientState } from './client-state.ts';
import type { Instance, InstanceChange } from './instance.ts';

/** Ends a subscription; safe to call twice. */
export type Unsubscribe = () => void;

/** Receives what changed, and the rows of gateways whose `ts` alone went on. */
export type ChangesListener = (changes: readonly InstanceChange[], renewed: readonly Instance[]) => void;

/** Listeners of a client, by what they receive. One that throws is logged and does not affect the others. */
export class Listeners {
  readonly #any = new Set<() => void>();
  readonly #state = new Set<(state: ClientState) => void>();
  readonly #changes = new Set<ChangesListener>();
  readonly #byKey = new Map<string, Set<(instance: Instance | undefined) => void>>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  onAny(listener: () => void): Unsubscribe {
    return add(this.#any, listener);
  }

  onState(listener: (state: ClientState) => void): Unsubscribe {
    return add(this.#state, listener);
  }

  onChanges(listener: ChangesListener): Unsubscribe {
    return add(this.#changes, listener);
  }

  onInstance(key: string, listener: (instance: Instance | undefined) => void): Unsubscribe {
    const listeners = this.#byKey.get(key) ?? new Set();
    this.#byKey.set(key, listeners);
    const remove = add(listeners, listener);
    return () => {
      remove();
      if (listeners.size === 0 && this.#byKey.get(key) === listeners) this.#byKey.delete(key);
    };
  }

  stateChanged(state: ClientState): void {
    this.#call(this.#state, state);
    this.#call(this.#any);
  }

  /** Listeners of single rows are found by the keys that changed; how many there are does not matter. */
  rosterChanged(changes: readonly InstanceChange[], renewed: readonly Instance[]): void {
    for (const change of changes) {
      if (change.kind === 'update' && change.previousKey !== undefined)
        this.#callInstance(change.previousKey, undefined);
      this.#callInstance(change.key, change.kind === 'leave' ? undefined : change.instance);
    }
    for (const instance of renewed) this.#callInstance(instance.key, instance);
    this.#call(this.#changes, changes, renewed);
    this.#call(this.#any);
  }

  #callInstance(key: string, instance: Instance | undefined): void {
    const listeners = this.#byKey.get(key);
    if (listeners) this.#call(listeners, instance);
  }

  #call<A extends readonly unknown[]>(listeners: ReadonlySet<(...args: A) => void>, ...args: A): void {
    if (listeners.size === 0) return;
    for (const listener of [...listeners]) {
      try {
        listener(...args);
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}

/** The same function may be registered twice. */
function add<A extends readonly unknown[]>(
  listeners: Set<(...args: A) => void>,
  listener: (...args: A) => void,
): Unsubscribe {
  const entry = (...args: A): void => listener(...args);
  listeners.add(entry);
  return () => void listeners.delete(entry);
}
