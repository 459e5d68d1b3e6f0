import { request } from 'node:http';

/** How an upgrade was answered by HTTP. */
export interface UpgradeAnswer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Requests an upgrade to WebSocket and returns the HTTP answer; 101 when it was granted, and the socket is dropped. */
export function askUpgrade(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<UpgradeAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const outgoing = request({
      host: hostname.replace(/^\[|\]$/g, ''),
      port,
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
        ...headers,
      },
    });
    outgoing.once('error', reject);
    outgoing.once('upgrade', ({ statusCode: status, headers: answered }, socket) => {
      socket.destroy();
      resolve({ status, headers: answered, body: '' });
    });
    outgoing.once('response', (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (piece: string) => {
        body += piece;
      });
      response.once('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
    });
    outgoing.end();
  });
}
