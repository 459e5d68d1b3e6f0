/// <reference path="./x11.d.ts" />
import type { Client, Display, ScreenSaver } from 'x11';
import type { IdleProbe, IdleSource, MissingSource } from './idle-source.ts';
import { wholeSeconds } from './idle-source.ts';

/** What the X11 probe reads from the environment. */
export interface X11Environment {
  readonly DISPLAY?: string | undefined;
  readonly WAYLAND_DISPLAY?: string | undefined;
  readonly XDG_SESSION_TYPE?: string | undefined;
}

/** Options of `x11ScreenSaver`. */
export interface X11Options {
  /** The variables of the person's session, read anew at each opening. */
  readonly environment: () => Promise<X11Environment>;
  /** How long the X server may take for an answer, in milliseconds; 5 000. One that takes longer is lost. */
  readonly patienceMs?: number;
}

/**
 * Idle time of an X server, by the MIT-SCREEN-SAVER extension over the X protocol; no C library is needed.
 *
 * In a Wayland session the X server (Xwayland) sees only what is typed into X windows, so it is not asked.
 */
export function x11ScreenSaver({ environment, patienceMs = 5_000 }: X11Options): IdleProbe {
  return {
    name: 'x11',
    open: async () => {
      const { DISPLAY, WAYLAND_DISPLAY, XDG_SESSION_TYPE } = await environment();
      if (!DISPLAY) return { missing: 'DISPLAY is not set' };
      if (WAYLAND_DISPLAY || XDG_SESSION_TYPE === 'wayland') {
        return { missing: 'this is a Wayland session, its X server does not see all input' };
      }
      if (!isLocal(DISPLAY)) return { missing: `DISPLAY ${DISPLAY} belongs to another computer` };
      return openDisplay(DISPLAY, patienceMs);
    },
  };
}

/** ssh forwards displays as `localhost:10`: the input there is that of the computer one comes from. */
function isLocal(display: string): boolean {
  return /^(unix)?:/.test(display);
}

async function openDisplay(name: string, patienceMs: number): Promise<IdleSource | MissingSource> {
  const { default: x11 } = await import('x11');
  let client: Client | undefined;
  const opening = new Promise<IdleSource>((resolve, reject) => {
    const options = { display: name.replace(/^unix:/, ':'), disableBigRequests: true, shm: false } as const;
    client = x11.createClient(options, (error, display) => {
      if (error) reject(error);
      else openExtension(display, patienceMs).then(resolve, reject);
    });
    client.on('error', reject);
  });
  try {
    return await within(opening, patienceMs);
  } catch (error) {
    client?.stream?.destroy();
    return { missing: `X display ${name}: ${error instanceof Error ? error.message : String(error)}` };
  }
}

async function openExtension({ client, screen }: Display, patienceMs: number): Promise<IdleSource> {
  const extension = await screenSaver(client);
  const source = new X11ScreenSaver({ client, root: screen[0].root, extension, patienceMs });
  await source.idleSeconds();
  return source;
}

function screenSaver(client: Client): Promise<ScreenSaver> {
  return new Promise((resolve, reject) => {
    client.require('screen-saver', (error, extension) => {
      if (error) reject(new Error('the server lacks the MIT-SCREEN-SAVER extension'));
      else resolve(extension);
    });
  });
}

/** What an open source asks, and how long it waits. */
interface X11Connection {
  readonly client: Client;
  readonly root: number;
  readonly extension: ScreenSaver;
  readonly patienceMs: number;
}

class X11ScreenSaver implements IdleSource {
  readonly name = 'x11';
  readonly #connection: X11Connection;
  readonly #lost: Promise<never>;

  constructor(connection: X11Connection) {
    this.#connection = connection;
    this.#lost = new Promise((_, reject) => {
      connection.client.on('error', reject);
      connection.client.on('end', () => reject(new Error('the X server closed the connection')));
    });
    this.#lost.catch(() => undefined);
  }

  idleSeconds(): Promise<number> {
    const { extension, root, patienceMs } = this.#connection;
    const answer = new Promise<number>((resolve, reject) => {
      extension.QueryInfo(root, (error, info) => {
        if (error) reject(error);
        else resolve(wholeSeconds(info.idle));
        return true;
      });
    });
    return within(Promise.race([answer, this.#lost]), patienceMs);
  }

  close(): void {
    this.#connection.client.stream?.destroy();
  }
}

async function within<T>(answer: Promise<T>, patienceMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${patienceMs} ms`)), patienceMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
