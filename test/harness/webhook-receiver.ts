import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { NoticeMessage } from '../../src/sinks/index.ts';

/** Secret of the signatures, as a delivery has it in its `secretFile`. */
export const webhookSecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** A message that was verified. */
export interface ReceivedMessage {
  /** `webhook-id`. */
  readonly id: string;
  readonly message: NoticeMessage;
}

/** A receiver of webhooks that verifies every message with the library of Standard Webhooks. */
export class WebhookReceiver {
  /** Every attempt whose signature is right, in order. */
  readonly received: ReceivedMessage[] = [];
  /** Status of the answer; `undefined` cuts the connection after the message was received. */
  status: number | undefined = 204;
  /** Called with the number of messages so far, before the answer. */
  onMessage: (count: number) => void = () => {};
  #server: Server | undefined;
  #port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.#port}/hook`;
  }

  get types(): readonly string[] {
    return this.received.map(({ message }) => message.type);
  }

  /** Ids without repetitions, in order of the first attempts. */
  get ids(): readonly string[] {
    return [...new Set(this.received.map(({ id }) => id))];
  }

  /** Listens, on the same port as before when it was down. */
  async up(): Promise<void> {
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const headers = request.headers as IncomingHttpHeaders & Record<string, string>;
      const message = new Webhook(webhookSecret).verify(Buffer.concat(chunks).toString(), headers);
      this.received.push({ id: String(headers['webhook-id']), message: message as NoticeMessage });
      this.onMessage(this.received.length);
      if (this.status === undefined) request.socket.destroy();
      else response.writeHead(this.status).end();
    });
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Refuses connections. */
  async down(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    server?.closeAllConnections();
    await new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())));
  }
}
