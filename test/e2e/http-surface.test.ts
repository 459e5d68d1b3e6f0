import { spawnSync } from 'node:child_process';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { OPERATIONS } from '../../src/gateway/index.ts';
import { openStream } from '../harness/event-stream.ts';
import { askHttp, type HttpAsk } from '../harness/http-client.ts';
import { gatewayStarter, type ListeningGateway } from '../harness/listening-gateway.ts';
import { requirePrograms } from '../harness/required-program.ts';

const start = gatewayStarter();

/** A gateway with rows of every kind. */
async function inUse(): Promise<ListeningGateway> {
  const gateway = await start();
  const tags = ['a', 'b'];
  const body = Array.from({ length: 20 }, (_, index) => ({
    ...{
      text: `row ${index}`,
      instanceId: `secret-name-${index}`,
      mode: `mode-${index}`,
      tags,
      ip: '192.0.2.99',
    },
    ...{ host: `secret-host-${index}`, lastInputSeconds: index, platform: 'test', version: '1' },
  }));
  await askHttp(gateway, '/api/v1/beacons', { body });
  const node = gateway.dial();
  await node.connect({ role: 'node', scopes: [], client: { mode: 'node', instanceId: 'secret-node' } });
  const stranger = gateway.dial();
  await stranger.connect({ auth: { token: 'wrong' } }).catch(() => {});
  return gateway;
}

describe('/openapi.json', () => {
  it('is a valid OpenAPI 3.1 document that names every route', async () => {
    const { json } = await askHttp(await start(), '/openapi.json', { token: null });
    const { valid, errors } = await new Validator().validate(json);
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
    expect(json).toMatchObject({ openapi: '3.1.0', info: { title: 'Rollcall', version: '1.2.3' } });
    expect(Object.keys(json.paths)).toEqual([
      ...new Set(OPERATIONS.flatMap(({ http }) => (http === undefined ? [] : [http.path]))),
      '/api/v1/presence/stream',
      ...['/healthz', '/readyz', '/metrics'],
    ]);
  });

  it.each<[string, string, number, HttpAsk]>([
    ['/api/v1/presence', 'get', 200, {}],
    ['/api/v1/presence', 'get', 401, { token: null }],
    ['/api/v1/presence?mode=x&mode=y&status=active&role=operator&q=a', 'get', 200, {}],
    ['/api/v1/presence?colour=red', 'get', 400, {}],
    ['/api/v1/presence/stream', 'get', 401, { token: 'wrong' }],
    ['/api/v1/beacons', 'post', 200, { body: { text: 'x', instanceId: 'x' } }],
    ['/api/v1/beacons', 'post', 400, { body: [{ text: 'x', instanceId: 'x' }, { text: '' }] }],
    ['/api/v1/beacons', 'post', 403, { body: { text: 'x', instanceId: 'gateway-1' } }],
    ['/api/v1/beacons', 'post', 413, { body: 'x'.repeat(1_048_577) }],
    ['/api/v1/presence/nobody/disconnect', 'post', 404, { method: 'POST' }],
    ['/healthz', 'get', 200, {}],
    ['/readyz', 'get', 200, {}],
  ])('describes the true answer of %s by %s: %i', async (path, method, status, ask) => {
    const gateway = await inUse();
    const { json: document } = await askHttp(gateway, '/openapi.json');
    const answer = await askHttp(gateway, path, ask);
    expect(answer.status).toBe(status);
    const route = (path.split('?')[0] ?? '').replace('/nobody', '/{key}');
    const described = document.paths[route][method].responses[status];
    const { schema } = described.content['application/json'];
    expect(faults(document, schema, answer.json)).toEqual([]);
  });

  it('describes the events of the stream', async () => {
    const gateway = await inUse();
    const { json: document } = await askHttp(gateway, '/openapi.json');
    const stream = await openStream(gateway);
    const { data } = await stream.event('snapshot');
    stream.close();
    expect(faults(document, { $ref: '#/components/schemas/PresenceDelta' }, data)).toEqual([]);
  });
});

/** Errors of a value by a schema of the document. */
function faults(document: object, schema: object, value: unknown): unknown[] {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const check = ajv.compile({ ...document, ...schema });
  check(value);
  return check.errors ?? [];
}

describe('/metrics', () => {
  it('passes promtool check metrics', async (context) => {
    requirePrograms(context, 'promtool');
    const { text, headers } = await askHttp(await inUse(), '/metrics');
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(text).toContain('rollcall_event_loop_delay_p99_seconds ');
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
      input: text,
      encoding: 'utf8',
    });
    expect(stdout + stderr).toBe('');
    expect(status).toBe(0);
  });

  it('[PA4] no label names an instance, and their number does not follow what clients send', async () => {
    const gateway = await inUse();
    const { text } = await askHttp(gateway, '/metrics');
    expect(text).not.toMatch(/secret|192\.0\.2\.99|mode-\d/);
    const series = (exposition: string): number =>
      exposition.split('\n').filter((line) => /^\w/.test(line)).length;
    const words = Array.from({ length: 100 }, (_, index) => `w${index}`);
    const body = words.map((word) => ({
      text: word,
      instanceId: word,
      mode: word,
      reason: word,
      platform: word,
    }));
    await askHttp(gateway, '/api/v1/beacons', { body });
    for (const word of words.slice(0, 20)) {
      const client = gateway.dial();
      await client.connect({ role: word }).catch(() => {});
    }
    const more = (await askHttp(gateway, '/metrics')).text;
    expect(series(more)).toBeLessThanOrEqual(series(text) + 2);
  });

  it('counts what happened', async () => {
    const { text } = await askHttp(await inUse(), '/metrics');
    for (const line of [
      'rollcall_connections{role="node",state="connected"} 1',
      'rollcall_instances{mode="other",state="reporting"} 20',
      'rollcall_instances{mode="node",state="online"} 1',
      'rollcall_changes_total{kind="upsert",cause="beacon"} 20',
      'rollcall_handshake_refusals_total{code="AUTH_TOKEN_MISMATCH"} 1',
      'rollcall_instances_max 200',
    ]) {
      expect(text).toContain(`${line}\n`);
    }
    expect(text).toMatch(/rollcall_sent_bytes_total [1-9]/);
  });
});

describe('every answer', () => {
  it.each(['/', '/healthz', '/openapi.json', '/metrics', '/api/v1/presence', '/api/v1/nothing', '/nothing'])(
    '%s carries security headers',
    async (path) => {
      for (const token of [undefined, null]) {
        const { headers } = await askHttp(await start(), path, token === null ? { token } : {});
        expect(headers).toMatchObject({
          'x-content-type-options': 'nosniff',
          'x-frame-options': 'DENY',
          'referrer-policy': 'no-referrer',
          'cross-origin-opener-policy': 'same-origin',
          'cross-origin-resource-policy': 'same-origin',
        });
        expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
        expect(headers).not.toHaveProperty('x-powered-by');
        expect(headers).not.toHaveProperty('strict-transport-security');
      }
    },
  );

  it.each(['/healthz', '/readyz', '/metrics', '/openapi.json', '/api/v1/presence', '/nothing'])(
    '%s by another method: 405 and Allow, OPTIONS: the list',
    async (path) => {
      const gateway = await start();
      const refused = await askHttp(gateway, path, { method: 'DELETE' });
      expect([refused.status, refused.headers.allow]).toEqual([405, 'GET, HEAD, OPTIONS']);
      const options = await askHttp(gateway, path, { method: 'OPTIONS' });
      expect(options.status).toBe(204);
    },
  );

  it('names a path of the API that does not exist, without a credential too', async () => {
    const { status, json } = await askHttp(await start(), '/api/v2/presence', { token: null });
    expect([status, json.error.code]).toEqual([404, 'NOT_FOUND']);
  });
});
