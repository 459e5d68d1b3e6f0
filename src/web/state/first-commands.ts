/** Commands are the same in every language. On the computer of the gateway they read its stored token. */
export function commandsFor(url: string): readonly {
  readonly name: 'emptyAgent' | 'emptyBeacon' | 'emptyNode' | 'emptyCode';
  readonly text: string;
}[] {
  const { protocol, hostname, port } = new URL(url);
  const isSecure = protocol === 'wss:';
  const address = url.replace(/\/$/, '');
  const nodePort = port || (isSecure ? 443 : 80);
  return [
    { name: 'emptyAgent', text: `rollcall agent --url ${address}` },
    { name: 'emptyBeacon', text: `rollcall beacon --url ${address}` },
    {
      name: 'emptyNode',
      text: `openclaw node run --host ${hostname} --port ${nodePort}${isSecure ? ' --tls' : ''}`,
    },
    {
      name: 'emptyCode',
      text: `import { createPresenceClient } from 'rollcall/client';
import { fileStore, wsSocket } from 'rollcall/client/node';

createPresenceClient({
  url: '${address}',
  token: process.env.ROLLCALL_TOKEN,
  // Keeps the instanceId, so that the next start is the same row.
  store: fileStore({ name: 'my-program' }),
  createSocket: wsSocket(),
  client: { displayName: 'My program' },
}).start();`,
    },
  ];
}
