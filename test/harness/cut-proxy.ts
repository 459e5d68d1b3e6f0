import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP proxy that forwards everything, and while it is cut nothing, without closing a connection. */
export interface CutProxy {
  readonly port: number;
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

/** Starts a proxy on a free port of loopback that passes on to another port. */
export async function startCutProxy(targetPort: number): Promise<CutProxy> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const add = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  };
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ host: '127.0.0.1', port: targetPort, noDelay: true });
    add(near);
    add(far);
    pass(near, far);
    pass(far, near);
    if (isCut) for (const socket of [near, far]) socket.pause();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      isCut = true;
      for (const socket of sockets) socket.pause();
    },
    mend() {
      isCut = false;
      for (const socket of sockets) socket.resume();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function pass(from: Socket, to: Socket): void {
  from.on('data', (data) => void to.write(data));
  // While it is cut an end is not forwarded either: a paused socket has not read it yet.
  from.on('end', () => to.end());
  from.on('close', () => to.destroy());
}
