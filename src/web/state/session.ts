import { type ReadonlySignal, signal } from '@preact/signals';
import type { PresenceClient } from '../../client/index.ts';
import type { StoredSecret } from './stored-secret.ts';

/** The gateway requires a token, or refused the last attempt. */
export interface SignedOut {
  readonly phase: 'signed-out';
  /** The refusal: its code, and the message of the gateway. */
  readonly refusal?: { readonly code: string; readonly reason: string };
}

/** A client is connected or connecting. */
export interface SignedIn {
  readonly phase: 'signed-in';
  readonly client: PresenceClient;
}

/** The token is good, but may not read presence. */
export interface Forbidden {
  readonly phase: 'forbidden';
}

export type SessionState = SignedOut | SignedIn | Forbidden;

/** State of the sign-in. */
export interface Session {
  readonly state: ReadonlySignal<SessionState>;
  /** Connects with the stored secret, or without one, which some gateways allow. */
  resume(): void;
  signIn(secret: string, remember: boolean): void;
  signOut(): void;
}

/** What a session depends on. */
export interface SessionDeps {
  readonly kept: StoredSecret;
  /** Makes a client that is not started yet. */
  connect(secret: string | undefined): PresenceClient;
}

/** Makes a session; it connects nothing before `resume` or `signIn`. */
export function createSession({ kept, connect }: SessionDeps): Session {
  const state = signal<SessionState>({ phase: 'signed-out' });
  let end = (): void => {};

  const open = (secret: string | undefined): void => {
    end();
    const client = connect(secret);
    const unsubscribe = client.subscribe(() => {
      if (client.state.phase !== 'refused') return;
      const { code, reason } = client.state;
      end();
      if (isAboutSecret(code)) kept.forget();
      state.value = afterRefusal(code, reason, secret === undefined);
    });
    end = () => {
      end = () => {};
      unsubscribe();
      client.stop();
    };
    state.value = { phase: 'signed-in', client };
    client.start();
  };

  return {
    state,
    resume: () => open(kept.get()),
    signIn(secret, remember) {
      kept.set(secret, remember);
      open(secret);
    },
    signOut() {
      end();
      kept.forget();
      state.value = { phase: 'signed-out' };
    },
  };
}

/** The first request for a secret is shown without an error. */
function afterRefusal(code: string, reason: string, wasAnonymous: boolean): SessionState {
  if (code === 'MISSING_SCOPE' || code === 'ROLE_NOT_GRANTED') return { phase: 'forbidden' };
  if (isAboutSecret(code) && wasAnonymous) return { phase: 'signed-out' };
  return { phase: 'signed-out', refusal: { code, reason } };
}

function isAboutSecret(code: string): boolean {
  return /^AUTH_(TOKEN|PASSWORD)/.test(code);
}
