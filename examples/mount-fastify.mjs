// A gateway beside the routes of a Fastify app: what no route serves, the gateway does.
//
//   ROLLCALL_TOKEN=secret node examples/mount-fastify.mjs
import Fastify from 'fastify';
import { createGateway } from 'rollcall/gateway';

const gateway = createGateway({ auth: { mode: 'token', token: process.env.ROLLCALL_TOKEN } });
await gateway.open();

const app = Fastify();
app.get('/hello', () => 'hello from the application\n');
// The first hook, before Fastify reads a body.
app.addHook('onRequest', (request, reply, done) => {
  if (!request.is404) return done();
  reply.hijack();
  gateway.handleRequest(request.raw, reply.raw);
});
app.server.on('upgrade', (request, socket, head) => gateway.handleUpgrade(request, socket, head));

const address = await app.listen({ port: Number(process.env.PORT ?? 8080), host: '127.0.0.1' });
console.log(address.replace('http:', 'ws:'));

process.once('SIGTERM', async () => {
  await gateway.close('application stopping');
  await app.close();
});
