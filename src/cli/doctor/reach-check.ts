import { connect as connectSocket, isIP, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { isLoopback } from '../../core/index.ts';
import { explainProblem } from '../call-problem.ts';
import type { GatewayTarget } from '../gateway-target.ts';
import { ok, type Result, refused } from '../result.ts';
import { oneLine } from '../text-format.ts';
import { type Finding, note, passed } from './finding.ts';

/** A certificate that expires sooner is a finding. */
const soonMs = 14 * 86_400_000;

/** Options of {@link checkReach}. */
export interface ReachOptions {
  readonly target: GatewayTarget;
  /** Longest wait for a connection, and for its TLS handshake. */
  readonly timeoutMs: number;
  /** Milliseconds since the epoch by this computer. */
  readonly nowMs: () => number;
}

/** Connects to the address and, for `wss:`, makes a TLS handshake; sends nothing else. The message of a failure contains what to do. */
export async function checkReach(options: ReachOptions): Promise<Result<readonly Finding[]>> {
  const { target } = options;
  const begunMs = performance.now();
  const link = await openSocket(options);
  if (link instanceof Error) return refused(explainProblem({ kind: 'transport', error: link }, target));
  const reached = passed(`${target.url} is reached in ${Math.ceil(performance.now() - begunMs)} ms`);
  const secure =
    'getPeerCertificate' in link ? tlsFindings(link, options.nowMs()) : plainFindings(target.url);
  link.destroy();
  return ok([reached, ...secure]);
}

function openSocket({ target, timeoutMs }: ReachOptions): Promise<Socket | TLSSocket | Error> {
  const { protocol, hostname, port } = new URL(target.url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const isTls = protocol === 'wss:';
  const address = { host, port: Number(port) || (isTls ? 443 : 80) };
  return new Promise((resolve) => {
    const socket = isTls
      ? connectTls({ ...address, ...(isIP(host) === 0 && { servername: host }) }, () => resolve(socket))
      : connectSocket(address, () => resolve(socket));
    socket.once('error', resolve);
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error('connection timed out')));
  });
}

function tlsFindings(socket: TLSSocket, nowMs: number): readonly Finding[] {
  const { subject, valid_to: validTo } = socket.getPeerCertificate();
  const name = oneLine(String(subject?.CN ?? 'the host'), 80);
  const left = Date.parse(validTo) - nowMs;
  const days = Math.floor(left / 86_400_000);
  const trusted = `${socket.getProtocol() ?? 'TLS'}, the certificate of ${name} is trusted`;
  if (left >= soonMs) return [passed(`${trusted} and good for ${days} days`)];
  return [note(`${trusted}, but ends in ${days === 1 ? '1 day' : `${days} days`}: renew it`)];
}

function plainFindings(url: string): readonly Finding[] {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  if (host === 'localhost' || isLoopback(host)) return [passed('no TLS, which nobody needs on one computer')];
  return [
    note(
      `no TLS: the token crosses the network in the clear. Use wss://, or a tunnel (ssh, a private network)`,
    ),
  ];
}
