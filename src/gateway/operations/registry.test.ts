import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { askHttp } from '../../../test/harness/http-client.ts';
import { gatewayStarter } from '../../../test/harness/listening-gateway.ts';
import type { WireError } from '../../protocol/index.ts';
import { answer, defineOperation, type Operation } from './operation.ts';
import { operationsPage } from './operations-page.ts';
import { OPERATIONS, OperationRegistry } from './registry.ts';

const readers = ['status', 'config.get', 'system-presence', 'presence.list', 'node.list'];
const pairLists = ['node.pair.list', 'device.pair.list'];
const administrators = ['presence.annotate', 'presence.disconnect', 'presence.remove'];
const registry = new OperationRegistry();

function errorOf(found: ReturnType<OperationRegistry['find']>): WireError | undefined {
  return found.ok ? undefined : found.error;
}

const authorize = (method: string, role: 'operator' | 'node', scopes: readonly string[]) =>
  errorOf(registry.find(method, { role, scopes }));

describe('rights of operations', () => {
  it.each(['nonsense', 'constructor', '__proto__', '', 'Health'])('[PW9] %j is an unknown method', (name) => {
    expect(authorize(name, 'operator', ['operator.admin'])).toMatchObject({
      code: 'INVALID_REQUEST',
      message: `unknown method: ${name}`,
    });
  });

  it('[PW10] connect is only valid as the first request', () => {
    expect(authorize('connect', 'operator', [])?.message).toBe('connect is only valid as the first request');
  });

  it.each(readers)('[PA4] %s needs operator.read', (method) => {
    expect(authorize(method, 'operator', [])).toMatchObject({
      code: 'FORBIDDEN',
      details: { code: 'MISSING_SCOPE', missingScope: 'operator.read' },
    });
    for (const scope of ['operator.read', 'operator.write', 'operator.admin']) {
      expect(authorize(method, 'operator', ['other', scope])).toBeUndefined();
    }
    expect(authorize(method, 'operator', ['operator.pairing'])).toBeDefined();
  });

  it.each(administrators)('[PO2] [PO6] [PO7] %s needs operator.admin', (method) => {
    for (const scopes of [[], ['operator.read'], ['operator.write']]) {
      expect(authorize(method, 'operator', scopes)).toMatchObject({
        details: { missingScope: 'operator.admin', requiredScopes: ['operator.admin'] },
      });
    }
    expect(authorize(method, 'operator', ['operator.admin'])).toBeUndefined();
  });

  it.each(pairLists)('[PW9] every operator may call %s, whatever OpenClaw asks for it', (method) => {
    for (const scopes of [[], ['operator.read'], ['operator.pairing']]) {
      expect(authorize(method, 'operator', scopes)).toBeUndefined();
    }
  });

  it('[PA5] everyone may beacon and ask for health', () => {
    for (const role of ['operator', 'node'] as const) {
      expect(authorize('system-event', role, [])).toBeUndefined();
      expect(authorize('health', role, [])).toBeUndefined();
    }
  });

  it('[PA5] a node calls node methods only, whatever its scopes', () => {
    expect(authorize('node.event', 'node', [])).toBeUndefined();
    for (const method of [...readers, ...pairLists, ...administrators, 'presence.activity']) {
      const error = authorize(method, 'node', ['operator.admin']);
      expect(error).toMatchObject({ name: 'unauthorizedRole', message: 'unauthorized role: node' });
    }
  });

  it('[PA5] an operator does not speak for a node', () => {
    const error = authorize('node.event', 'operator', ['operator.admin']);
    expect(error?.message).toBe('unauthorized role: operator');
  });
});

/** What one file of an operation holds. */
const greet: Operation = defineOperation<{ readonly name: string; readonly times?: number }>({
  name: 'greet.person',
  summary: 'Greets a person',
  roles: ['operator'],
  scope: 'operator.read',
  params: Type.Object(
    {
      name: Type.String({ minLength: 1, description: 'Who is greeted.' }),
      times: Type.Optional(Type.Integer({ minimum: 1, maximum: 3 })),
    },
    { additionalProperties: false },
  ),
  result: Type.Object({ greeting: Type.String() }),
  example: { name: 'Ada' },
  http: { method: 'GET', path: '/api/v1/greetings/{name}' },
  handle: async ({ name, times = 1 }) => answer({ greeting: `Hello, ${name}${'!'.repeat(times)}` }),
});

describe('an operation that is added by one definition', () => {
  const start = gatewayStarter();

  it('[PW9] is served over WebSocket, HTTP and OpenAPI, and hello names it', async () => {
    const gateway = await start({ operations: [greet] });
    const client = gateway.dial();
    const hello = await client.connect();
    expect(hello.features.methods).toContain('greet.person');
    expect(await client.call('greet.person', { name: 'Ada' })).toEqual({ greeting: 'Hello, Ada!' });

    const path = '/api/v1/greetings/Ada%20L';
    const { status, json } = await askHttp(gateway, `${path}?times=3`);
    expect([status, json]).toEqual([200, { greeting: 'Hello, Ada L!!!' }]);
    expect((await askHttp(gateway, path, { token: null })).status).toBe(401);
    expect((await askHttp(gateway, `${path}?times=9`)).json.error).toMatchObject({
      code: 'INVALID_REQUEST',
      message: 'invalid greet.person params: at /times: must be <= 3',
    });
    const refused = await askHttp(gateway, path, { method: 'POST' });
    expect([refused.status, refused.headers.allow]).toEqual([405, 'GET, HEAD, OPTIONS']);

    const { json: document } = await askHttp(gateway, '/openapi.json');
    expect(document.paths['/api/v1/greetings/{name}'].get).toMatchObject({
      operationId: 'greetPerson',
      summary: 'Greets a person',
      parameters: [
        { name: 'name', in: 'path', required: true, description: 'Who is greeted.' },
        { name: 'times', in: 'query', required: false },
      ],
    });
  });

  it('[PW9] cannot take the name or the route of another', () => {
    const again = { ...greet, name: 'health' };
    expect(() => new OperationRegistry([...OPERATIONS, again])).toThrow('two operations are health');
    const elsewhere = { ...greet, name: 'other' };
    expect(() => new OperationRegistry([greet, elsewhere])).toThrow(TypeError);
  });
});

it('[PW9] docs/operations.md is the table of operations', async () => {
  await expect(operationsPage(OPERATIONS)).toMatchFileSnapshot('../../../docs/operations.md');
});
