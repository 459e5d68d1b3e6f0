// A gateway on the port of an HTTP server that is there already.
//
//   ROLLCALL_TOKEN=secret node examples/mount-http.mjs
import { createServer } from 'node:http';
import { createGateway } from 'rollcall/gateway';

const gateway = createGateway({ auth: { mode: 'token', token: process.env.ROLLCALL_TOKEN } });
await gateway.open();

const server = createServer((request, response) => {
  if (request.url === '/hello') return response.end('hello from the application\n');
  gateway.handleRequest(request, response);
});
server.on('upgrade', (request, socket, head) => gateway.handleUpgrade(request, socket, head));
server.listen(process.env.PORT ?? 8080, '127.0.0.1', () => {
  console.log(`ws://127.0.0.1:${server.address().port}`);
});

process.once('SIGTERM', async () => {
  await gateway.close('application stopping');
  server.close();
});
