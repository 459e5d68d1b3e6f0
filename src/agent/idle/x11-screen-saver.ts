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

/**
 * Idle time of an X server, by the MIT-SCREEN-SAVER extension over the X protocol; no C library is needed.
 *
 * In a Wayland session the X server (Xwayland) sees only what is typed into X windows, so it is not asked.
 */
export function x11ScreenSaver(environment: () => Promise<X11Environment>): IdleProbe {
  return {
    name: 'x11',
    open: async () => {
      const { DISPLAY, WAYLAND_DISPLAY, XDG_SESSION_TYPE } = await environment();
      if (!DISPLAY) return { missing: 'DISPLAY is not set' };
      if (WAYLAND_DISPLAY || XDG_SESSION_TYPE === 'wayland') {
        return { missing: 'this is a Wayland session, its X server does not see all input' };
      }
      if (!isLocal(DISPLAY)) return { missing: `DISPLAY ${DISPLAY} belongs to another computer` };
      return openDisplay(DISPLAY);
    },
  };
}

/** ssh forwards displays as `localhost:10`: the input there is that of the computer one comes from. */
function isLocal(display: string): boolean {
  return /^(unix)?:/.test(display);
}

async function openDisplay(displayName: string): Promise<IdleSource | MissingSource> {
  try {
    const display = await connect(displayName);
    return await openExtension(display);
  } catch (error) {
    return { missing: `X display ${displayName}: ${error instanceof Error ? error.message : String(error)}` };
  }
}

async function connect(display: string): Promise<Display> {
  const { default: x11 } = await import('x11');
  return new Promise((resolve, reject) => {
    const options = { display, disableBigRequests: true, shm: false } as const;
    const client = x11.createClient(options, (error, opened) => (error ? reject(error) : resolve(opened)));
    client.on('error', reject);
  });
}

async function openExtension(display: Display): Promise<IdleSource> {
  const { client } = display;
  const source = new X11ScreenSaver(client, display.screen[0].root, await screenSaver(client));
  await source.idleSeconds();
  return source;
}

function screenSaver(client: Client): Promise<ScreenSaver> {
  return new Promise((resolve, reject) => {
    client.require('screen-saver', (error, extension) => {
      if (!error) return resolve(extension);
      client.terminate();
      reject(new Error('the server lacks the MIT-SCREEN-SAVER extension'));
    });
  });
}

class X11ScreenSaver implements IdleSource {
  readonly name = 'x11';
  readonly #client: Client;
  readonly #root: number;
  readonly #extension: ScreenSaver;
  readonly #lost: Promise<never>;
  #closed = false;

  constructor(client: Client, root: number, extension: ScreenSaver) {
    this.#client = client;
    this.#root = root;
    this.#extension = extension;
    this.#lost = new Promise((_, reject) => {
      client.on('error', reject);
      client.on('end', () => reject(new Error('the X server closed the connection')));
    });
    this.#lost.catch(() => undefined);
  }

  idleSeconds(): Promise<number> {
    const answer = new Promise<number>((resolve, reject) => {
      this.#extension.QueryInfo(this.#root, (error, info) => {
        if (error) reject(error);
        else resolve(wholeSeconds(info.idle));
        return true;
      });
    });
    return Promise.race([answer, this.#lost]);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#client.terminate();
  }
}
