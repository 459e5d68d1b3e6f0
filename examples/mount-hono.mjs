// A gateway beside the routes of a Hono app: what the app does not serve, the gateway does.
//
//   ROLLCALL_TOKEN=secret node examples/mount-hono.mjs
import { serve } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import { createGateway } from 'rollcall/gateway';

const gateway = createGateway({ auth: { mode: 'token', token: process.env.ROLLCALL_TOKEN } });
await gateway.open();

const app = new Hono();
app.get('/hello', (c) => c.text('hello from the application\n'));
app.all('*', (c) => {
  gateway.handleRequest(c.env.incoming, c.env.outgoing);
  return RESPONSE_ALREADY_SENT;
});

const port = Number(process.env.PORT ?? 8080);
const server = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, (address) => {
  console.log(`ws://127.0.0.1:${address.port}`);
});
server.on('upgrade', (request, socket, head) => gateway.handleUpgrade(request, socket, head));

process.once('SIGTERM', async () => {
  await gateway.close('application stopping');
  server.close();
});
