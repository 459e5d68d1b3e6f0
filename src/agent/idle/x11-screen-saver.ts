import type { IdleProbe, IdleSource, MissingSource } from './idle-source.ts';
import { wholeSeconds } from './idle-source.ts';
import { openX11, type X11Authority, type X11Connection } from './x11-connection.ts';

/** What the X11 probe reads from the environment. */
export interface X11Environment extends X11Authority {
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
 * Idle time of an X server, by the MIT-SCREEN-SAVER extension over the X protocol; no library is needed.
 *
 * In a Wayland session the X server (Xwayland) sees only what is typed into X windows, so it is not used.
 */
export function x11ScreenSaver({ environment, patienceMs = 5_000 }: X11Options): IdleProbe {
  return {
    name: 'x11',
    open: async () => {
      const { DISPLAY, WAYLAND_DISPLAY, XDG_SESSION_TYPE, ...authority } = await environment();
      if (!DISPLAY) return { missing: 'DISPLAY is not set' };
      if (WAYLAND_DISPLAY || XDG_SESSION_TYPE === 'wayland') {
        return { missing: 'this is a Wayland session, its X server does not see all input' };
      }
      if (!isLocal(DISPLAY)) return { missing: `DISPLAY ${DISPLAY} belongs to another computer` };
      return openDisplay(DISPLAY, authority, patienceMs);
    },
  };
}

/** ssh forwards displays as `localhost:10`: the input there is that of the remote computer. */
function isLocal(display: string): boolean {
  return /^(unix)?:/.test(display);
}

async function openDisplay(
  name: string,
  authority: X11Authority,
  patienceMs: number,
): Promise<IdleSource | MissingSource> {
  let connection: X11Connection | undefined;
  try {
    connection = await openX11(name, authority, patienceMs);
    const opcode = await within(connection.queryExtension('MIT-SCREEN-SAVER'), patienceMs);
    if (opcode === undefined) throw new Error('the server lacks the MIT-SCREEN-SAVER extension');
    const source = new X11ScreenSaver(connection, opcode, patienceMs);
    await source.idleSeconds();
    return source;
  } catch (error) {
    connection?.close();
    return { missing: `X display ${name}: ${error instanceof Error ? error.message : String(error)}` };
  }
}

class X11ScreenSaver implements IdleSource {
  readonly name = 'x11';
  readonly #connection: X11Connection;
  readonly #opcode: number;
  readonly #patienceMs: number;

  constructor(connection: X11Connection, opcode: number, patienceMs: number) {
    this.#connection = connection;
    this.#opcode = opcode;
    this.#patienceMs = patienceMs;
  }

  /** ScreenSaverQueryInfo; the reply has the milliseconds since the last input in its fifth word. */
  async idleSeconds(): Promise<number> {
    const message = Buffer.alloc(8);
    message[0] = this.#opcode;
    message[1] = 1;
    message.writeUInt32LE(this.#connection.root, 4);
    const reply = await within(this.#connection.request(message), this.#patienceMs);
    return wholeSeconds(reply.readUInt32LE(16));
  }

  close(): void {
    this.#connection.close();
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
