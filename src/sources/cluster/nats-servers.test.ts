import { expect, it } from 'vitest';
import { importClient } from './client-import.ts';
import { createEngine } from './create-engine.ts';
import { natsServers } from './nats-servers.ts';

it('reads servers, credentials and TLS out of URLs', () => {
  const one = { host: 'one', port: '4222' };
  expect(natsServers('nats://one')).toEqual({ servers: [one], isTls: false });
  expect(natsServers('nats://u:p%40ss@one, nats://[2001:db8::1]:4333')).toEqual({
    servers: [one, { host: '[2001:db8::1]', port: '4333' }],
    isTls: false,
    user: 'u',
    pass: 'p@ss',
  });
  expect(natsServers('tls://secret@one')).toEqual({ servers: [one], isTls: true, token: 'secret' });
  for (const url of ['nats:// one', 'nats://one,redis://two', 'nats://']) {
    expect(() => natsServers(url)).toThrow('nats://USER:PASSWORD@HOST:4222');
  }
  expect(() => natsServers('nats://u:100%@one')).toThrow('%25');
});

it('names the package to install', async () => {
  const missing = () => Promise.reject(Object.assign(new Error('no'), { code: 'ERR_MODULE_NOT_FOUND' }));
  await expect(importClient(missing, 'redis')).rejects.toThrow('npm install redis');
  await expect(importClient(() => Promise.reject(new Error('other')), 'redis')).rejects.toThrow('other');
});

it('states what is wrong with an address', async () => {
  await expect(createEngine({ url: 'amqp://x', name: 'n' })).rejects.toThrow('redis://');
  const caFile = '/no/such/file.pem';
  await expect(createEngine({ url: 'rediss://x', name: 'n', caFile })).rejects.toThrow(caFile);
  await expect(createEngine({ url: 'nats://x', name: 'n', caFile })).rejects.toThrow('no such file');
});
