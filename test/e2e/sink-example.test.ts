import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { postingSink } from '../../examples/sink.ts';
import { gatewayStarter } from '../harness/listening-gateway.ts';

const start = gatewayStarter();

it('[PB1] examples/sink.ts posts who came and who went', async () => {
  const posted: { came: string[]; left: string[] }[] = [];
  const server = createServer(async (request, response) => {
    posted.push((await json(request)) as { came: string[]; left: string[] });
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const gateway = await start({ sinks: [postingSink(`http://127.0.0.1:${port}/`)] });
  const client = gateway.dial();
  await client.connect({ client: { instanceId: 'a' } });
  await client.close();
  await expect.poll(() => posted.flatMap(({ left }) => left)).toEqual(['a']);
  expect(posted.flatMap(({ came }) => came)).toEqual(['a']);
  server.close();
});
