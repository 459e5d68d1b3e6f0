import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  bareRedis,
  type EngineServer,
  type ServerArguments,
  type ServerKind,
  startEngineServer,
} from '../../bench/servers/engine-server.ts';
import { createEngine, type EngineAddress } from '../../src/cluster/index.ts';
import { createSystemClock, systemTimers } from '../../src/gateway/index.ts';
import { Authority, type CertificateFiles } from '../harness/authority.ts';
import { testToken } from '../harness/connect-params.ts';
import { contribution, EngineEar, memberRecord } from '../harness/engine-ear.ts';
import { gatewayProcesses } from '../harness/gateway-process.ts';
import { natsOperator, natsUserKey } from '../harness/nats-operator.ts';
import { hasPrograms } from '../harness/required-program.ts';

const context = { clock: createSystemClock(), delay: systemTimers, retainMs: 60_000 };
const isHere = hasPrograms('openssl', 'redis-server', 'nats-server');
const manual = readFileSync(new URL('../../docs/cluster.md', import.meta.url), 'utf8');

let folder: string;
let authority: Authority;
let stranger: Authority;
let served: CertificateFiles;
let misnamed: CertificateFiles;
let own: CertificateFiles;
let servers: EngineServer[] = [];
let ears: EngineEar[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-tls-'));
  if (!isHere) return;
  authority = new Authority(folder, 'authority');
  stranger = new Authority(folder, 'stranger');
  served = authority.sign('served', 'IP:127.0.0.1');
  // An address must not be taken for the name of the own machine.
  misnamed = authority.sign('misnamed', 'DNS:localhost');
  own = authority.sign('own', 'DNS:gateway');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(async () => {
  await Promise.all(ears.map(({ engine }) => engine.close()));
  await Promise.all(servers.map((server) => server.stop()));
  ears = [];
  servers = [];
});

function fileOf(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

async function start(kind: ServerKind, argumentsOf: ServerArguments): Promise<number> {
  const server = await startEngineServer(kind, argumentsOf);
  servers.push(server);
  return server.port;
}

/** Starts a Redis; `demands` is what it wants of clients beyond TLS, as arguments. */
function startRedis(certificate?: CertificateFiles, ...demands: readonly string[]): Promise<number> {
  return start('redis', (port, place) => [
    ...[...bareRedis, '--dir', place],
    ...(certificate === undefined ? ['--port', `${port}`] : ['--port', '0', '--tls-port', `${port}`]),
    ...(certificate === undefined ? [] : tlsOfRedis(certificate)),
    ...demands,
  ]);
}

function tlsOfRedis({ certFile, keyFile }: CertificateFiles): readonly string[] {
  const files = { cert: certFile, key: keyFile, 'ca-cert': authority.certFile };
  return Object.entries(files).flatMap(([name, file]) => [`--tls-${name}-file`, file]);
}

const noClientCertificate = ['--tls-auth-clients', 'no'];

/** Starts a NATS; `demands` is what it wants of clients, as lines of its configuration. */
function startNats(demands: string, { jetStream = true } = {}): Promise<number> {
  return start('nats', (port, place) => [
    '-c',
    fileOf(
      `nats-${port}.conf`,
      [
        `listen: "127.0.0.1:${port}"`,
        ...(jetStream ? [`jetstream { store_dir: "${place}" }`] : []),
        demands,
      ].join('\n'),
    ),
  ]);
}

const tlsOfNats = ({ certFile, keyFile }: CertificateFiles, more = ''): string =>
  `tls { cert_file: "${certFile}", key_file: "${keyFile}", ca_file: "${authority.certFile}" ${more} }\n`;

async function ear(address: Omit<EngineAddress, 'name'>): Promise<EngineEar> {
  const one = new EngineEar((await createEngine({ name: 'production', ...address }))(context));
  ears.push(one);
  return one;
}

/** Why an engine lets nobody in. */
async function refusal(address: Omit<EngineAddress, 'name'>): Promise<string> {
  const one = await ear(address);
  await one.until(() => one.lost.length > 0);
  expect(one.pictures).toEqual([]);
  return one.lost[0] ?? '';
}

/** Two members of a cluster hear each other. */
async function carries(address: Omit<EngineAddress, 'name'>): Promise<void> {
  const [a, b] = [await ear(address), await ear(address)];
  await Promise.all([a.picture(), b.picture()]);
  await a.engine.publish({ contributions: [contribution('a@1', 'x', 1)], record: memberRecord('a@1', 1) });
  await b.until(() => b.records().length > 0);
  await b.engine.time();
  expect([a.lost, b.lost]).toEqual([[], []]);
}

/** The line of the manual that tells the rights of a user. */
function rights(start: string): string {
  const line = manual.split('\n').find((text) => text.trim().startsWith(start));
  if (line === undefined) throw new Error(`docs/cluster.md has no line "${start}"`);
  return line.trim().replace('SECRET', 's3cret');
}

describe.runIf(isHere)('a Redis with TLS and users', () => {
  it('lets in by its own authority a user with the rights of the manual', async () => {
    const [, ...user] = rights('user rollcall on').split(' ');
    const port = await startRedis(
      served,
      ...noClientCertificate,
      '--user',
      ...user,
      '--user',
      'default',
      'off',
    );
    const caFile = authority.certFile;
    await carries({ url: `rediss://rollcall:s3cret@127.0.0.1:${port}`, caFile });
    for (const secret of ['', 'rollcall:wr0ng@', 'nobody:wr0ng@']) {
      const reason = await refusal({ url: `rediss://${secret}127.0.0.1:${port}`, caFile });
      expect(reason).toMatch(/(WRONGPASS|NOAUTH).*ROLLCALL_CLUSTER/);
      expect(reason).not.toContain('wr0ng');
    }
  });

  it('is not trusted with another authority or name, and it is said what to do', async () => {
    const port = await startRedis(served, ...noClientCertificate);
    const url = `rediss://:s3cret@127.0.0.1:${port}`;
    expect(await refusal({ url })).toContain('--cluster-ca-file');
    expect(await refusal({ url, caFile: stranger.certFile })).toContain('--cluster-ca-file');
    const other = await startRedis(misnamed, ...noClientCertificate);
    const caFile = authority.certFile;
    expect(await refusal({ url: `rediss://127.0.0.1:${other}`, caFile })).toContain('for another name');
  });

  it('that wants a certificate of the gateway gets it', async () => {
    const url = `rediss://127.0.0.1:${await startRedis(served)}`;
    const caFile = authority.certFile;
    await carries({ url, caFile, ...own });
    expect(await refusal({ url, caFile })).toContain('--cluster-cert-file');
    const foreign = { certFile: stranger.certFile, keyFile: stranger.keyFile };
    expect(await refusal({ url, caFile, ...foreign })).toContain('--cluster-cert-file');
  });

  it('says which rights are missing, and what looks like the wrong kind of port', async () => {
    const limited = ['--user', 'limited', 'on', '>s3cret', '~other:*', '&other:*', '+@all'];
    const plain = await startRedis(undefined, ...limited);
    expect(await refusal({ url: `redis://limited:s3cret@127.0.0.1:${plain}` })).toMatch(
      /NOPERM.*docs\/cluster.md/,
    );
    const port = await startRedis(served, ...noClientCertificate);
    expect(await refusal({ url: `redis://127.0.0.1:${port}` })).toContain('rediss://');
  });
});

describe.runIf(isHere)('a NATS with TLS and users', () => {
  it('lets in by its own authority a user with the rights of the manual', async () => {
    const user = `{ user: rollcall, password: s3cret, ${rights('permissions:')} }`;
    const port = await startNats(`${tlsOfNats(served)} authorization { users: [ ${user} ] }`);
    const caFile = authority.certFile;
    await carries({ url: `tls://rollcall:s3cret@127.0.0.1:${port}`, caFile });
    await carries({ url: `nats://rollcall:s3cret@127.0.0.1:${port}`, caFile });
    for (const secret of ['', 'rollcall:wr0ng@', 'wr0ng@']) {
      const reason = await refusal({ url: `tls://${secret}127.0.0.1:${port}`, caFile });
      expect(reason).toMatch(/Authorization Violation.*ROLLCALL_CLUSTER/);
      expect(reason).not.toContain('wr0ng');
    }
  });

  it('is not trusted with another authority or name, and it is said what to do', async () => {
    const url = `tls://127.0.0.1:${await startNats(tlsOfNats(served))}`;
    expect(await refusal({ url })).toContain('--cluster-ca-file');
    expect(await refusal({ url, caFile: stranger.certFile })).toContain('--cluster-ca-file');
    const other = await startNats(tlsOfNats(misnamed));
    const caFile = authority.certFile;
    expect(await refusal({ url: `tls://127.0.0.1:${other}`, caFile })).toContain('for another name');
    await carries({ url: `tls://localhost:${other}`, caFile });
  });

  it('that wants a certificate of the gateway gets it', async () => {
    const url = `tls://127.0.0.1:${await startNats(tlsOfNats(served, ', verify: true'))}`;
    const caFile = authority.certFile;
    await carries({ url, caFile, ...own });
    expect(await refusal({ url, caFile })).toContain('--cluster-cert-file');
  });

  it('lets in by token', async () => {
    const port = await startNats('authorization { token: "t0ken/+@" }');
    await carries({ url: `nats://${encodeURIComponent('t0ken/+@')}@127.0.0.1:${port}` });
    expect(await refusal({ url: `nats://127.0.0.1:${port}` })).toContain('ROLLCALL_CLUSTER');
  });

  it('lets in by the credentials file of an account that an operator signed, and by no other', async () => {
    const operator = natsOperator();
    const url = `nats://127.0.0.1:${await startNats(operator.configuration)}`;
    await carries({ url, credentialsFile: fileOf('user.creds', operator.credentials) });
    const credentialsFile = fileOf('other.creds', natsOperator().credentials);
    expect(await refusal({ url, credentialsFile })).toContain('--cluster-credentials-file');
  });

  it('lets in by nkey, and by no other', async () => {
    const [user, other] = [natsUserKey(), natsUserKey()];
    const port = await startNats(`authorization { users: [ { nkey: ${user.publicKey} } ] }`);
    const url = `nats://127.0.0.1:${port}`;
    await carries({ url, credentialsFile: fileOf('user.nk', `${user.seed}\n`) });
    const credentialsFile = fileOf('other.nk', other.seed);
    expect(await refusal({ url, credentialsFile })).toContain('--cluster-credentials-file');
  });

  it('says what is missing: TLS, rights, JetStream', async () => {
    const users =
      'authorization { users: [ { user: u, password: p, permissions: { publish: x, subscribe: x } } ] }';
    const plain = await startNats(users);
    expect(await refusal({ url: `tls://u:p@127.0.0.1:${plain}` })).toContain('nats:// in place of tls://');
    expect(await refusal({ url: `nats://u:p@127.0.0.1:${plain}` })).toContain('docs/cluster.md');
    const bare = await startNats('', { jetStream: false });
    expect(await refusal({ url: `nats://127.0.0.1:${bare}` })).toContain('JetStream');
  });

  it('is found among several, of which the others do not answer', async () => {
    const port = await startNats('');
    const closed = await startNats('');
    await servers.pop()?.stop();
    const url = `nats://127.0.0.1:${closed},nats://127.0.0.1:${port}`;
    for (let turn = 0; turn < 4; turn += 1) await (await ear({ url })).picture();
  });
});

describe.runIf(isHere)('a gateway that does not trust its engine', () => {
  const { start: startGateway } = gatewayProcesses();

  it.each<[ServerKind]>([['redis'], ['nats']])(
    '[PC4] [PA2] goes on alone, says why, and no secret: %s',
    async (kind) => {
      const port =
        kind === 'redis'
          ? await startRedis(served, ...noClientCertificate, '--requirepass', 's3cret')
          : await startNats(`${tlsOfNats(served)} authorization { user: u, password: s3cret }`);
      const url =
        kind === 'redis' ? `rediss://:s3cret@127.0.0.1:${port}` : `tls://u:s3cret@127.0.0.1:${port}`;
      const env = { ROLLCALL_TOKEN: testToken, ROLLCALL_CLUSTER: url };
      const gateway = await startGateway(['--cluster-ca-file', stranger.certFile], env);
      const log = await gateway.logged('the cluster engine cannot be reached; this gateway goes on alone');
      const client = gateway.dial();
      await client.connect({ scopes: ['operator.admin'] });
      const status = await client.call<{ cluster: { state: string; reason: string } }>('status');
      expect(status.cluster).toMatchObject({
        state: 'down',
        reason: expect.stringContaining('--cluster-ca-file'),
      });
      expect(log.split('\n').filter((line) => line.includes(status.cluster.reason))).toHaveLength(1);
      const said = JSON.stringify([log, gateway.banner, status, await client.call('config.get')]);
      expect(said).not.toContain('s3cret');
      expect(said).not.toContain(url);
    },
  );

  it('[PC4] joins when it is given what to trust', async () => {
    const url = `rediss://127.0.0.1:${await startRedis(served, ...noClientCertificate)}`;
    const caFile = fileOf('gateway-ca.pem', readFileSync(stranger.certFile, 'utf8'));
    const env = { ROLLCALL_TOKEN: testToken, ROLLCALL_CLUSTER: url, ROLLCALL_CLUSTER_CA_FILE: caFile };
    const gateway = await startGateway([], env);
    writeFileSync(caFile, readFileSync(authority.certFile));
    await gateway.logged('the cluster engine is reached');
  });
});

describe.runIf(isHere)('files of a connection', () => {
  it('that cannot be used are named at the start', async () => {
    const text = fileOf('text.pem', 'no certificate');
    const urls = ['rediss://x', 'tls://x'];
    for (const url of urls) {
      const address = { url, name: 'n' };
      await expect(createEngine({ ...address, caFile: text })).rejects.toThrow(
        `${text} holds no certificate`,
      );
      await expect(createEngine({ ...address, certFile: own.certFile })).rejects.toThrow('go together');
      const mixed = { certFile: own.certFile, keyFile: served.keyFile };
      await expect(createEngine({ ...address, ...mixed })).rejects.toThrow('cannot be used');
    }
    const plain = { url: 'redis://u:s3cret@x', name: 'n', caFile: authority.certFile };
    await expect(createEngine(plain)).rejects.toThrow('rediss:// in place of redis://');
    const creds = { url: 'nats://x', name: 'n', credentialsFile: text };
    await expect(createEngine(creds)).rejects.toThrow(`${text} holds neither`);
  });

  it('are read again for every connection: what was renewed counts', async () => {
    const caFile = fileOf('ca.pem', readFileSync(stranger.certFile, 'utf8'));
    const one = await ear({
      url: `rediss://127.0.0.1:${await startRedis(served, ...noClientCertificate)}`,
      caFile,
    });
    await one.until(() => one.lost.length > 0);
    writeFileSync(caFile, readFileSync(authority.certFile));
    await one.picture();
  });
});
