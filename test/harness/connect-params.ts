/** Overrides of the params of `connect`; `undefined` leaves a field out. */
export interface ConnectOverrides {
  readonly client?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/** Token of the gateways that tests start. */
export const testToken = 'test-token';

/** Params of `connect` as a `ui` client with read scope sends them. */
export function connectParams({ client, ...overrides }: ConnectOverrides = {}): Record<string, unknown> {
  return {
    minProtocol: 3,
    maxProtocol: 4,
    client: { id: 'test-client', version: '1.0.0', platform: 'linux', mode: 'ui', ...client },
    role: 'operator',
    scopes: ['operator.read'],
    caps: [],
    auth: { token: testToken },
    ...overrides,
  };
}
