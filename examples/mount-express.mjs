// A gateway beside the routes of an Express app: what the app does not serve, the gateway does.
//
//   ROLLCALL_TOKEN=secret node examples/mount-express.mjs
import express from 'express';
import { createGateway } from 'rollcall/gateway';

const gateway = createGateway({ auth: { mode: 'token', token: process.env.ROLLCALL_TOKEN } });
await gateway.open();

const app = express();
app.get('/hello', (_request, response) => response.send('hello from the application\n'));
// Behind your own routes, before anything that reads bodies.
app.use((request, response) => gateway.handleRequest(request, response));

const server = app.listen(process.env.PORT ?? 8080, '127.0.0.1', () => {
  console.log(`ws://127.0.0.1:${server.address().port}`);
});
server.on('upgrade', (request, socket, head) => gateway.handleUpgrade(request, socket, head));

process.once('SIGTERM', async () => {
  await gateway.close('application stopping');
  server.close();
});
