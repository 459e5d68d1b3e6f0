/** The part of the `x11` package (pure JavaScript, ships no types) that tests use. */
declare module 'x11' {
  import type { EventEmitter } from 'node:events';

  export interface Test {
    readonly KeyPress: number;
    readonly KeyRelease: number;
    FakeInput(type: number, keycode: number, time: number, window: number, x: number, y: number): void;
  }

  export interface Client extends EventEmitter {
    require(extension: 'xtest', done: (error: Error | null, extension: Test) => void): void;
    sync(): Promise<void>;
    terminate(): void;
  }

  export interface Display {
    readonly client: Client;
    readonly screen: readonly [{ readonly root: number }];
  }

  export interface ClientOptions {
    /** As in the DISPLAY variable. The cookie comes from the file in XAUTHORITY or `~/.Xauthority`. */
    readonly display: string;
    readonly disableBigRequests?: boolean;
    readonly shm?: false;
  }

  export function createClient(
    options: ClientOptions,
    done: (error: Error | undefined, display: Display) => void,
  ): Client;
}
