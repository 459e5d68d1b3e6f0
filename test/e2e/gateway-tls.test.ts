import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect as dialTcp } from 'node:net';
import { join } from 'node:path';
import { connect as dialTls } from 'node:tls';
import { expect, it } from 'vitest';
import { type GatewayProcess, gatewayProcesses } from '../harness/gateway-process.ts';
import { describeWith } from '../harness/required-program.ts';
import { rollcallCommand, runRollcall } from '../harness/rollcall-process.ts';
import { type SelfSigned, selfSigned } from '../harness/self-signed.ts';

const { home, start } = gatewayProcesses();
const token = 'a-token-for-the-test';

/** Files in the configuration of the gateway; tests copy certificates to them. */
function install(made: SelfSigned): string[] {
  const certFile = join(home().folder, 'gateway.crt');
  const keyFile = join(home().folder, 'gateway.key');
  copyFileSync(made.keyFile, keyFile);
  copyFileSync(made.certFile, certFile);
  return ['--tls-cert', certFile, '--tls-key', keyFile];
}

const startTls = (made: SelfSigned): Promise<GatewayProcess> =>
  start(install(made), { ROLLCALL_TOKEN: token });

/** The name on the certificate that new connections get. */
function nameServed({ url }: GatewayProcess): Promise<string | undefined> {
  const { port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = dialTls({ host: '127.0.0.1', port: Number(port), rejectUnauthorized: false }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

describeWith(['openssl'], 'TLS', () => {
  it('[PA1] serves wss and https and prints so', async () => {
    const first = selfSigned(home().folder, 'first');
    const gateway = await startTls(first);
    expect(gateway.url).toMatch(/^wss:\/\/127\.0\.0\.1:\d+$/);
    const client = gateway.dial({ ca: first.cert });
    await client.connect({ auth: { token } });
    expect(await client.call('config.get')).toMatchObject({ settings: { tls: true } });
    const listed = await runRollcall(['list'], {
      ...home().env,
      NODE_EXTRA_CA_CERTS: first.certFile,
      ROLLCALL_URL: gateway.url,
      ROLLCALL_TOKEN: token,
    });
    expect(listed).toMatchObject({ code: 0, stderr: '' });
  });

  it('uses a new certificate from the next connection on, and keeps the old one when the new one is bad', async () => {
    const first = selfSigned(home().folder, 'first');
    const second = selfSigned(home().folder, 'second');
    const gateway = await startTls(first);
    const client = gateway.dial({ ca: first.cert });
    await client.connect({ auth: { token } });
    expect(await nameServed(gateway)).toBe('first');
    writeFileSync(join(home().folder, 'gateway.crt'), 'no certificate');
    await gateway.logged('certificate stays as it was');
    expect(await nameServed(gateway)).toBe('first');
    install(second);
    await gateway.logged('new certificate in use');
    expect(await nameServed(gateway)).toBe('second');
    await client.call('health');
    await gateway.dial({ ca: second.cert }).connect({ auth: { token } });
  });

  it('keeps the pair in use, and logs it, while another one is incomplete', async () => {
    const first = selfSigned(home().folder, 'first');
    const second = selfSigned(home().folder, 'second');
    const gateway = await startTls(first);
    const [crt, key] = ['gateway.crt', 'gateway.key'].map((name) => join(home().folder, name)) as [
      string,
      string,
    ];
    const [cert, otherKey] = [first.certFile, second.keyFile].map((file) => readFileSync(file, 'utf8')) as [
      string,
      string,
    ];
    const states: readonly (() => void)[] = [
      () => writeFileSync(crt, cert.slice(0, 200)),
      () => writeFileSync(crt, ''),
      () => writeFileSync(crt, otherKey),
      () => rmSync(crt),
      () => {
        writeFileSync(crt, cert);
        writeFileSync(key, otherKey);
      },
      () => writeFileSync(key, ''),
    ];
    for (const [at, change] of states.entries()) {
      change();
      await expect
        .poll(async () => (await gateway.logged('certificate stays')).split('certificate stays').length)
        .toBeGreaterThan(at + 1);
      expect(await nameServed(gateway)).toBe('first');
    }
    expect(await gateway.logged('certificate stays')).not.toContain('new certificate in use');
  });

  it('is not disturbed by clients of other protocols', async () => {
    const first = selfSigned(home().folder, 'first');
    const gateway = await startTls(first);
    const plain = dialTcp(Number(new URL(gateway.url).port), '127.0.0.1');
    plain.resume();
    plain.end('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await new Promise((resolve) => plain.once('close', resolve));
    await gateway.dial({ ca: first.cert }).connect({ auth: { token } });
  });

  it('[PL9] refuses to start with a pipe for a file, and does not wait for it', async () => {
    const first = selfSigned(home().folder, 'first');
    const pipe = join(home().folder, 'pipe');
    execFileSync('mkfifo', ['-m', '600', pipe]);
    const tls = (cert: string): string[] => ['--tls-cert', cert, '--tls-key', first.keyFile];
    for (const [name, flags] of [
      ['the TLS certificate', tls(pipe)],
      ['the secret file', [...tls(first.certFile), '--token-file', pipe]],
      ['the configuration file', ['--config', pipe]],
    ] as const) {
      const { code, stderr } = await runRollcall(['gateway', '--port', '0', ...flags], home().env);
      expect(stderr).toContain(`${name} ${pipe}: it is not a regular file`);
      expect(code).toBeGreaterThan(0);
    }
    const { program, args } = rollcallCommand(['config', 'check', '--config', '/dev/stdin']);
    const command = [program, ...args].map((word) => `'${word}'`).join(' ');
    expect(execFileSync('sh', ['-c', `echo '{"port": 1234}' | ${command}`], { encoding: 'utf8' })).toContain(
      '/dev/stdin',
    );
  });

  it('names the file that is wrong at the start', async () => {
    const first = selfSigned(home().folder, 'first');
    const second = selfSigned(home().folder, 'second');
    const tryStart = (cert: string, key: string) =>
      runRollcall(['gateway', '--port', '0', '--tls-cert', cert, '--tls-key', key], home().env);
    expect(await tryStart('/nowhere.crt', first.keyFile)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cannot read the TLS certificate /nowhere.crt'),
    });
    expect(await tryStart(first.certFile, second.keyFile)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/first\.crt and \S+second\.key: the certificate cannot be used/),
    });
    const alone = await runRollcall(['gateway', '--tls-cert', first.certFile], home().env);
    expect(alone.stderr).toBe('rollcall: tlsCert (flag --tls-cert) needs tlsKey: add --tls-key\n');
  });
});
