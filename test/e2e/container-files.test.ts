import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { validate } from 'dockerfile-utils';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readSettings } from '../../src/cli/settings-sources.ts';

const text = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');
const containerfile = text('packaging/container/Containerfile');
const composeText = text('packaging/container/compose.yaml');

interface Service {
  readonly [key: string]: unknown;
  readonly image: string;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, unknown>>;
  readonly environment?: Readonly<Record<string, string>>;
}
const compose = parse(composeText, { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};
const services = Object.entries(compose.services);

/** Values of `ENV` in the last fixture. */
function environmentOf(file: string): Record<string, string> {
  const [, lines = ''] = /^ENV ((?:.*\\\n)*.*)$/m.exec(file.split(/^FROM /m).at(-1) ?? '') ?? [];
  return Object.fromEntries(
    [...lines.matchAll(/(\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]),
  );
}

describe('Containerfile', () => {
  it('passes the linter', () => {
    expect(validate(containerfile).map(({ message }) => message)).toEqual([]);
  });

  it('runs as a user of its own, checks its health, and drains on SIGTERM', () => {
    const last = containerfile.split(/^FROM /m).at(-1) ?? '';
    expect(last).toMatch(/^USER node$/m);
    expect(last.indexOf('USER node')).toBeGreaterThan(last.lastIndexOf('\nRUN '));
    expect(last).toMatch(/^HEALTHCHECK .*"rollcall", "call", "health"/m);
    expect(last).toMatch(/^ENTRYPOINT \["rollcall"\]$/m);
  });

  it('sets settings that the gateway has', () => {
    const env = environmentOf(containerfile);
    expect(env['ROLLCALL_BIND']).toBe('0.0.0.0');
    expect(readSettings({ flags: {}, env, homeFolder: undefined })).toMatchObject({ ok: true });
  });

  it('takes the versions of optional parts that the tests run with', () => {
    const { devDependencies } = JSON.parse(text('package.json'));
    const taken = [...containerfile.matchAll(/ ((?:@[\w-]+\/)?[\w-]+)@(\d[\d.]*)/g)];
    expect(taken.length).toBe(4);
    for (const [, name = '', version] of taken) expect(devDependencies[name]).toBe(version);
  });
});

describe('compose.yaml', () => {
  it('has NATS and two gateways, each with a state and a port of its own', () => {
    expect(Object.keys(compose.services)).toEqual(['nats', 'gateway-1', 'gateway-2']);
    const ports = services.flatMap(([, { ports = [] }]) => ports);
    expect(new Set(ports).size).toBe(2);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    const volumes = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0]));
    expect([...volumes].sort()).toEqual(Object.keys(compose.volumes).sort());
  });

  it('starts nothing that is not declared, and nothing that may write or gain rights', () => {
    for (const [name, service] of services) {
      expect(
        Object.keys(service).filter((key) => !knownKeys.includes(key)),
        name,
      ).toEqual([]);
      for (const other of Object.keys(service.depends_on ?? {}))
        expect(compose.services).toHaveProperty(other);
      expect(service, name).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      });
    }
  });

  it('gives the gateways settings that they take', () => {
    for (const name of ['gateway-1', 'gateway-2']) {
      const { environment = {} } = compose.services[name] as Service;
      const env = {
        ...environment,
        ROLLCALL_TOKEN: 'a-token-of-the-operator',
        ...environmentOf(containerfile),
      };
      const read = readSettings({ flags: {}, env, homeFolder: undefined });
      expect(read).toMatchObject({ ok: true, value: { settings: { cluster: 'nats://nats:4222' } } });
      expect(environment['ROLLCALL_TOKEN']).toMatch(/^\$\{ROLLCALL_TOKEN:\?/);
    }
  });
});

/** Keys of a service in the compose specification that this file may use. */
const knownKeys: readonly string[] = [
  ...['image', 'build', 'command', 'restart', 'depends_on', 'read_only', 'tmpfs', 'cap_drop', 'security_opt'],
  ...['stop_grace_period', 'environment', 'hostname', 'ports', 'volumes'],
];
