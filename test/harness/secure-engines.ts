import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import {
  bareRedis,
  type EngineServer,
  type ServerArguments,
  type ServerKind,
  startEngineServer,
} from '../../bench/servers/engine-server.ts';
import { createSystemClock, systemTimers } from '../../src/gateway/index.ts';
import { createEngine, type EngineAddress } from '../../src/sources/cluster/index.ts';
import { Authority, type CertificateFiles } from './authority.ts';
import { contribution, EngineRecorder, memberRecord } from './engine-recorder.ts';

const context = { clock: createSystemClock(), delay: systemTimers, retainMs: 60_000 };

type Address = Omit<EngineAddress, 'name'>;

/** Arguments with which a Redis with TLS needs no certificate of its clients. */
export const noClientCertificate: readonly string[] = ['--tls-auth-clients', 'no'];

/** Servers of engines with TLS and users, members that use them, and the certificates of both. */
export class SecureEngines {
  readonly #folder = mkdtempSync(join(tmpdir(), 'rollcall-tls-'));
  readonly #servers: EngineServer[] = [];
  readonly #recorders: EngineRecorder[] = [];
  readonly authority = new Authority(this.#folder, 'authority');
  /** An authority that has signed nothing that is in use. */
  readonly stranger = new Authority(this.#folder, 'stranger');
  /** The certificate of a server. */
  readonly served = this.authority.sign('served', 'IP:127.0.0.1');
  /** That of a server for another name: an address must not be taken for the name of the own machine. */
  readonly misnamed = this.authority.sign('misnamed', 'DNS:localhost');
  /** The certificate of a gateway. */
  readonly own = this.authority.sign('own', 'DNS:gateway');

  /** Writes a file into the folder and returns its path. */
  fileOf(name: string, text: string): string {
    const file = join(this.#folder, name);
    writeFileSync(file, text);
    return file;
  }

  /** Starts a Redis and returns its port; `demands` is what it requires of clients beyond TLS, as arguments. */
  startRedis(certificate?: CertificateFiles, ...demands: readonly string[]): Promise<number> {
    return this.#start('redis', (port, place) => [
      ...[...bareRedis, '--dir', place],
      ...(certificate === undefined ? ['--port', `${port}`] : ['--port', '0', '--tls-port', `${port}`]),
      ...(certificate === undefined ? [] : this.#tlsOfRedis(certificate)),
      ...demands,
    ]);
  }

  /** Starts a NATS and returns its port; `demands` is what it requires of clients, as lines of its configuration. */
  startNats(demands: string, { jetStream = true } = {}): Promise<number> {
    return this.#start('nats', (port, place) => {
      const listen = `listen: "127.0.0.1:${port}"`;
      const streams = jetStream ? [`jetstream { store_dir: "${place}" }`] : [];
      return ['-c', this.fileOf(`nats-${port}.conf`, [listen, ...streams, demands].join('\n'))];
    });
  }

  /** The lines of a NATS configuration that turn TLS on. */
  tlsOfNats({ certFile, keyFile }: CertificateFiles, more = ''): string {
    const caFile = this.authority.certFile;
    return `tls { cert_file: "${certFile}", key_file: "${keyFile}", ca_file: "${caFile}" ${more} }\n`;
  }

  /** Ends the server that was started last. */
  async stopLatest(): Promise<void> {
    await this.#servers.pop()?.stop();
  }

  /** A member of a cluster, without a gateway. */
  async ear(address: Address): Promise<EngineRecorder> {
    const one = new EngineRecorder((await createEngine({ name: 'production', ...address }))(context));
    this.#recorders.push(one);
    return one;
  }

  /** Why an engine refuses a member. */
  async refusal(address: Address): Promise<string> {
    const one = await this.ear(address);
    await one.until(() => one.disconnects.length > 0);
    expect(one.snapshots).toEqual([]);
    return one.disconnects[0] ?? '';
  }

  /** Checks that two members of a cluster receive each other's contributions. */
  async carries(address: Address): Promise<void> {
    const [a, b] = [await this.ear(address), await this.ear(address)];
    await Promise.all([a.snapshot(), b.snapshot()]);
    await a.engine.publish({ contributions: [contribution('a@1', 'x', 1)], record: memberRecord('a@1', 1) });
    await b.until(() => b.records().length > 0);
    await b.engine.time();
    expect([a.disconnects, b.disconnects]).toEqual([[], []]);
  }

  /** Ends the members, then the servers, and removes the folder with the certificates. */
  async close(): Promise<void> {
    await Promise.all(this.#recorders.map(({ engine }) => engine.close()));
    await Promise.all(this.#servers.map((server) => server.stop()));
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #start(kind: ServerKind, argumentsOf: ServerArguments): Promise<number> {
    const server = await startEngineServer(kind, argumentsOf);
    this.#servers.push(server);
    return server.port;
  }

  #tlsOfRedis({ certFile, keyFile }: CertificateFiles): readonly string[] {
    const files = { cert: certFile, key: keyFile, 'ca-cert': this.authority.certFile };
    return Object.entries(files).flatMap(([name, file]) => [`--tls-${name}-file`, file]);
  }
}
