import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { freePort } from '../../bench/servers/local-port.ts';
import type { CertificateFiles } from './authority.ts';

/** A third-party proxy that runs as a real server on loopback, with TLS. */
export interface ReverseProxy {
  /** `https://127.0.0.1:PORT` */
  readonly origin: string;
  /** What it printed so far. */
  output(): string;
  close(): Promise<void>;
}

/** What the settings of an example are replaced with. */
export interface ProxyPlace {
  readonly folder: string;
  readonly certificate: CertificateFiles;
  readonly gatewayPort: number;
}

/** Starts nginx with a `server` block as the documents have it. */
export async function startNginx(config: string, place: ProxyPlace): Promise<ReverseProxy> {
  const port = await freePort();
  const site = placed(config, place)
    .replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
    .replace('presence.example.org', '127.0.0.1');
  const file = join(place.folder, 'nginx.conf');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${join(place.folder, name)};`)
    .join('\n');
  writeFileSync(
    file,
    `daemon off;
master_process off;
pid ${join(place.folder, 'nginx.pid')};
error_log stderr warn;
events {}
http {
access_log off;
${temporary}
${site}
}
`,
  );
  const env = { PATH: `${process.env['PATH']}:/usr/sbin` };
  const child = spawn('nginx', ['-e', 'stderr', '-p', place.folder, '-c', file], { env });
  return listening(child, port);
}

/** Starts Caddy with a site as the documents have it. */
export async function startCaddy(config: string, place: ProxyPlace): Promise<ReverseProxy> {
  const port = await freePort();
  const site = placed(config, place).replace('presence.example.org', `https://127.0.0.1:${port}`);
  const file = join(place.folder, 'Caddyfile');
  writeFileSync(file, `{\nadmin off\nauto_https disable_redirects\nskip_install_trust\n}\n${site}\n`);
  const env = { PATH: process.env['PATH'] ?? '', HOME: place.folder };
  return listening(spawn('caddy', ['run', '--config', file, '--adapter', 'caddyfile'], { env }), port);
}

/** The block with the files and the port of the test; every replacement must fit, or the example has changed. */
function placed(config: string, { certificate, gatewayPort }: ProxyPlace): string {
  return [
    ['/etc/ssl/presence.crt', certificate.certFile],
    ['/etc/ssl/presence.key', certificate.keyFile],
    ['127.0.0.1:18789', `127.0.0.1:${gatewayPort}`],
  ].reduce((text, [from = '', to = '']) => {
    expect(text).toContain(from);
    return text.replaceAll(from, to);
  }, config);
}

async function listening(child: ChildProcess, port: number): Promise<ReverseProxy> {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const ended = once(child, 'close');
  const reached = vi.waitFor(() => connected(port), { timeout: 60_000 });
  const died = ended.then(([code]) => {
    throw new Error(`the proxy ended with ${code}: ${output}`);
  });
  died.catch(() => {});
  await Promise.race([reached, died]);
  return {
    origin: `https://127.0.0.1:${port}`,
    output: () => output,
    async close() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Rejects when nothing listens. */
function connected(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });
}
