import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ServerKind } from '../../bench/servers/engine-server.ts';
import { createEngine } from '../../src/sources/cluster/index.ts';
import { testToken } from '../harness/connect-params.ts';
import { gatewayProcesses } from '../harness/gateway-process.ts';
import { natsOperator, natsUserKey } from '../harness/nats-operator.ts';
import { describeWith } from '../harness/required-program.ts';
import { noClientCertificate, SecureEngines } from '../harness/secure-engines.ts';

const programs = ['openssl', 'redis-server', 'nats-server'];
const manual = readFileSync(new URL('../../docs/cluster.md', import.meta.url), 'utf8');

let engines: SecureEngines;

beforeEach(() => {
  engines = new SecureEngines();
});
afterEach(() => engines.close());

/** The line of the manual with the rights of a user. */
function rights(start: string): string {
  const line = manual.split('\n').find((text) => text.trim().startsWith(start));
  if (line === undefined) throw new Error(`docs/cluster.md has no line "${start}"`);
  return line.trim().replace('SECRET', 's3cret');
}

describeWith(programs, 'a Redis with TLS and users', () => {
  it('accepts, with its own authority, a user with the rights of the manual', async () => {
    const [, ...user] = rights('user rollcall on').split(' ');
    const port = await engines.startRedis(
      engines.served,
      ...noClientCertificate,
      '--user',
      ...user,
      '--user',
      'default',
      'off',
    );
    const caFile = engines.authority.certFile;
    await engines.carries({ url: `rediss://rollcall:s3cret@127.0.0.1:${port}`, caFile });
    for (const secret of ['', 'rollcall:wr0ng@', 'nobody:wr0ng@']) {
      const reason = await engines.refusal({ url: `rediss://${secret}127.0.0.1:${port}`, caFile });
      expect(reason).toMatch(/(WRONGPASS|NOAUTH).*ROLLCALL_CLUSTER/);
      expect(reason).not.toContain('wr0ng');
    }
  });

  it('is not trusted with another authority or name, and the log contains what to do', async () => {
    const port = await engines.startRedis(engines.served, ...noClientCertificate);
    const url = `rediss://:s3cret@127.0.0.1:${port}`;
    expect(await engines.refusal({ url })).toContain('--cluster-ca-file');
    expect(await engines.refusal({ url, caFile: engines.stranger.certFile })).toContain('--cluster-ca-file');
    const other = await engines.startRedis(engines.misnamed, ...noClientCertificate);
    const caFile = engines.authority.certFile;
    expect(await engines.refusal({ url: `rediss://127.0.0.1:${other}`, caFile })).toContain(
      'for another name',
    );
  });

  it('that requires a certificate of the gateway receives it', async () => {
    const url = `rediss://127.0.0.1:${await engines.startRedis(engines.served)}`;
    const caFile = engines.authority.certFile;
    await engines.carries({ url, caFile, ...engines.own });
    expect(await engines.refusal({ url, caFile })).toContain('--cluster-cert-file');
    const foreign = { certFile: engines.stranger.certFile, keyFile: engines.stranger.keyFile };
    expect(await engines.refusal({ url, caFile, ...foreign })).toContain('--cluster-cert-file');
  });

  it('reports which rights are missing, and what looks like the wrong kind of port', async () => {
    const limited = ['--user', 'limited', 'on', '>s3cret', '~other:*', '&other:*', '+@all'];
    const plain = await engines.startRedis(undefined, ...limited);
    expect(await engines.refusal({ url: `redis://limited:s3cret@127.0.0.1:${plain}` })).toMatch(
      /NOPERM.*docs\/cluster.md/,
    );
    const port = await engines.startRedis(engines.served, ...noClientCertificate);
    expect(await engines.refusal({ url: `redis://127.0.0.1:${port}` })).toContain('rediss://');
  });
});

describeWith(programs, 'a NATS with TLS and users', () => {
  it('accepts, with its own authority, a user with the rights of the manual', async () => {
    const user = `{ user: rollcall, password: s3cret, ${rights('permissions:')} }`;
    const port = await engines.startNats(
      `${engines.tlsOfNats(engines.served)} authorization { users: [ ${user} ] }`,
    );
    const caFile = engines.authority.certFile;
    await engines.carries({ url: `tls://rollcall:s3cret@127.0.0.1:${port}`, caFile });
    await engines.carries({ url: `nats://rollcall:s3cret@127.0.0.1:${port}`, caFile });
    for (const secret of ['', 'rollcall:wr0ng@', 'wr0ng@']) {
      const reason = await engines.refusal({ url: `tls://${secret}127.0.0.1:${port}`, caFile });
      expect(reason).toMatch(/Authorization Violation.*ROLLCALL_CLUSTER/);
      expect(reason).not.toContain('wr0ng');
    }
  });

  it('is not trusted with another authority or name, and the log contains what to do', async () => {
    const url = `tls://127.0.0.1:${await engines.startNats(engines.tlsOfNats(engines.served))}`;
    expect(await engines.refusal({ url })).toContain('--cluster-ca-file');
    expect(await engines.refusal({ url, caFile: engines.stranger.certFile })).toContain('--cluster-ca-file');
    const other = await engines.startNats(engines.tlsOfNats(engines.misnamed));
    const caFile = engines.authority.certFile;
    expect(await engines.refusal({ url: `tls://127.0.0.1:${other}`, caFile })).toContain('for another name');
    await engines.carries({ url: `tls://localhost:${other}`, caFile });
  });

  it('that requires a certificate of the gateway receives it', async () => {
    const url = `tls://127.0.0.1:${await engines.startNats(engines.tlsOfNats(engines.served, ', verify: true'))}`;
    const caFile = engines.authority.certFile;
    await engines.carries({ url, caFile, ...engines.own });
    expect(await engines.refusal({ url, caFile })).toContain('--cluster-cert-file');
  });

  it('accepts a token', async () => {
    const port = await engines.startNats('authorization { token: "t0ken/+@" }');
    await engines.carries({ url: `nats://${encodeURIComponent('t0ken/+@')}@127.0.0.1:${port}` });
    expect(await engines.refusal({ url: `nats://127.0.0.1:${port}` })).toContain('ROLLCALL_CLUSTER');
  });

  it('accepts the credentials file of an account that an operator signed, and no other', async () => {
    const operator = natsOperator();
    const url = `nats://127.0.0.1:${await engines.startNats(operator.configuration)}`;
    await engines.carries({ url, credentialsFile: engines.fileOf('user.creds', operator.credentials) });
    const credentialsFile = engines.fileOf('other.creds', natsOperator().credentials);
    expect(await engines.refusal({ url, credentialsFile })).toContain('--cluster-credentials-file');
  });

  it('accepts an nkey, and no other', async () => {
    const [user, other] = [natsUserKey(), natsUserKey()];
    const port = await engines.startNats(`authorization { users: [ { nkey: ${user.publicKey} } ] }`);
    const url = `nats://127.0.0.1:${port}`;
    await engines.carries({ url, credentialsFile: engines.fileOf('user.nk', `${user.seed}\n`) });
    const credentialsFile = engines.fileOf('other.nk', other.seed);
    expect(await engines.refusal({ url, credentialsFile })).toContain('--cluster-credentials-file');
  });

  it('reports what is missing: TLS, rights, JetStream', async () => {
    const users =
      'authorization { users: [ { user: u, password: p, permissions: { publish: x, subscribe: x } } ] }';
    const plain = await engines.startNats(users);
    expect(await engines.refusal({ url: `tls://u:p@127.0.0.1:${plain}` })).toContain(
      'nats:// in place of tls://',
    );
    expect(await engines.refusal({ url: `nats://u:p@127.0.0.1:${plain}` })).toContain('docs/cluster.md');
    const bare = await engines.startNats('', { jetStream: false });
    expect(await engines.refusal({ url: `nats://127.0.0.1:${bare}` })).toContain('JetStream');
  });

  it('is found among several, of which the others do not answer', async () => {
    const port = await engines.startNats('');
    const closed = await engines.startNats('');
    await engines.stopLatest();
    const url = `nats://127.0.0.1:${closed},nats://127.0.0.1:${port}`;
    for (let turn = 0; turn < 4; turn += 1) await (await engines.ear({ url })).snapshot();
  });
});

describeWith(programs, 'a gateway that does not trust its engine', () => {
  const { start: startGateway } = gatewayProcesses();

  it.each<[ServerKind]>([['redis'], ['nats']])(
    '[PC4] [PA2] goes on alone, says why, and no secret: %s',
    async (kind) => {
      const port =
        kind === 'redis'
          ? await engines.startRedis(engines.served, ...noClientCertificate, '--requirepass', 's3cret')
          : await engines.startNats(
              `${engines.tlsOfNats(engines.served)} authorization { user: u, password: s3cret }`,
            );
      const url =
        kind === 'redis' ? `rediss://:s3cret@127.0.0.1:${port}` : `tls://u:s3cret@127.0.0.1:${port}`;
      const env = { ROLLCALL_TOKEN: testToken, ROLLCALL_CLUSTER: url };
      const gateway = await startGateway(['--cluster-ca-file', engines.stranger.certFile], env);
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
    const url = `rediss://127.0.0.1:${await engines.startRedis(engines.served, ...noClientCertificate)}`;
    const caFile = engines.fileOf('gateway-ca.pem', readFileSync(engines.stranger.certFile, 'utf8'));
    const env = { ROLLCALL_TOKEN: testToken, ROLLCALL_CLUSTER: url, ROLLCALL_CLUSTER_CA_FILE: caFile };
    const gateway = await startGateway([], env);
    writeFileSync(caFile, readFileSync(engines.authority.certFile));
    await gateway.logged('the cluster engine is reached');
  });
});

describeWith(programs, 'files of a connection', () => {
  it('that cannot be used are named at the start', async () => {
    const text = engines.fileOf('text.pem', 'no certificate');
    const urls = ['rediss://x', 'tls://x'];
    for (const url of urls) {
      const address = { url, name: 'n' };
      await expect(createEngine({ ...address, caFile: text })).rejects.toThrow(
        `${text} holds no certificate`,
      );
      await expect(createEngine({ ...address, certFile: engines.own.certFile })).rejects.toThrow(
        'go together',
      );
      const mixed = { certFile: engines.own.certFile, keyFile: engines.served.keyFile };
      await expect(createEngine({ ...address, ...mixed })).rejects.toThrow('cannot be used');
    }
    const plain = { url: 'redis://u:s3cret@x', name: 'n', caFile: engines.authority.certFile };
    await expect(createEngine(plain)).rejects.toThrow('rediss:// in place of redis://');
    const creds = { url: 'nats://x', name: 'n', credentialsFile: text };
    await expect(createEngine(creds)).rejects.toThrow(`${text} holds neither`);
  });

  it('are read again for every connection: what was renewed counts', async () => {
    const caFile = engines.fileOf('ca.pem', readFileSync(engines.stranger.certFile, 'utf8'));
    const one = await engines.ear({
      url: `rediss://127.0.0.1:${await engines.startRedis(engines.served, ...noClientCertificate)}`,
      caFile,
    });
    await one.until(() => one.disconnects.length > 0);
    writeFileSync(caFile, readFileSync(engines.authority.certFile));
    await one.snapshot();
  });
});
