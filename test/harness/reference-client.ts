import { createPublicKey } from 'node:crypto';
import { GatewayClient, type GatewayClientOptions } from '@openclaw/gateway-client';
import type { WebSocket } from 'ws';
import type { HelloOk } from '../../src/protocol/index.ts';
import { testToken } from './connect-params.ts';
import { type Device, rawPublicKey, signText } from './device.ts';
import type { EventFrame } from './wire-frame.ts';

/** Options of a {@link ReferenceClient}: those of `GatewayClient`, and a device to sign with. */
export interface ReferenceOptions extends Omit<GatewayClientOptions, 'url' | 'deviceIdentity'> {
  readonly device?: Device;
}

/** OpenClaw's own client against our gateway, with the events that it received. */
export class ReferenceClient {
  readonly events: EventFrame[] = [];
  /** Every error that the client reported about the gateway. */
  readonly complaints: string[] = [];
  readonly #client: GatewayClient;
  #hellos: HelloOk[] = [];
  #waiting: (() => void)[] = [];

  constructor(url: string, { device, hostDeps, ...options }: ReferenceOptions = {}) {
    this.#client = new GatewayClient({
      url,
      token: testToken,
      clientName: 'test',
      clientVersion: '1.0.0',
      platform: 'linux',
      mode: 'ui',
      role: 'operator',
      scopes: ['operator.read'],
      ...options,
      deviceIdentity: device === undefined ? null : identityOf(device),
      hostDeps: { ...signing, ...hostDeps },
      onHelloOk: (hello) => this.#note(() => this.#hellos.push(hello as unknown as HelloOk)),
      onEvent: (event) => this.#note(() => this.events.push(event as unknown as EventFrame)),
      onConnectError: (error) => this.#note(() => this.complaints.push(error.message)),
      onGap: (gap) => this.#note(() => this.complaints.push(`gap: ${JSON.stringify(gap)}`)),
    });
  }

  /** Connects and waits for the hello; rejects with the client's error. */
  async start(): Promise<HelloOk> {
    this.#client.start();
    await this.until(() => this.#hellos.length > 0 || this.complaints.length > 0);
    const [hello] = this.#hellos;
    if (hello === undefined) throw new Error(this.complaints.join('; '));
    return hello;
  }

  request<T>(method: string, params?: unknown): Promise<T> {
    return this.#client.request<T>(method, params);
  }

  stop(): Promise<void> {
    return this.#client.stopAndWait();
  }

  /** The network goes away under the client: no close frame, and it connects again by itself. */
  drop(): void {
    this.socket.terminate();
  }

  /** Hellos so far: one for each time it connected. */
  get hellos(): readonly HelloOk[] {
    return this.#hellos;
  }

  /** The client's own socket. */
  get socket(): WebSocket {
    return (this.#client as unknown as { ws: WebSocket }).ws;
  }

  /** Waits until a check holds, running it whenever the client received something. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #note(note: () => unknown): void {
    note();
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

function identityOf(device: Device): NonNullable<GatewayClientOptions['deviceIdentity']> {
  const { id, privateKeyPem, publicKeyPem } = device;
  return { deviceId: id, privateKeyPem, publicKeyPem };
}

const signing: NonNullable<GatewayClientOptions['hostDeps']> = {
  signDevicePayload: signText,
  publicKeyRawBase64UrlFromPem: (publicKeyPem) => rawPublicKey(createPublicKey(publicKeyPem)),
};
