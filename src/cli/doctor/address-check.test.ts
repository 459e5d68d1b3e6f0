import { describe, expect, it } from 'vitest';
import type { ListedRow } from '../../core/index.ts';
import { addressFindings } from './address-check.ts';
import type { Observation } from './finding.ts';

const self: ListedRow = { host: 'vm', mode: 'gateway', reason: 'self', ip: '192.0.2.1', ts: 1, self: true };
const client = (host: string, facts: Partial<ListedRow>): ListedRow => ({
  host,
  mode: 'ui',
  reason: 'connect',
  connections: 1,
  sources: {},
  ts: 1,
  ...facts,
});

function lines(clients: readonly ListedRow[], more: Partial<Observation> = {}): readonly string[] {
  const rows = [self, ...clients];
  const observation = {
    rows,
    gatewayNowMs: 1,
    roundTripMs: 1,
    protocol: 4,
    gatewayVersion: '1',
    isRollcall: true,
  };
  return addressFindings({ ...observation, ...more }).map(({ level, message }) => `${level}: ${message}`);
}

describe('[PI3] a proxy that hides addresses', () => {
  const proxied = ['198.51.100.1', '198.51.100.2'].map((reportedIp) =>
    client(reportedIp, { observedIp: '10.0.0.9', reportedIp }),
  );

  it('is certain when clients report that they are elsewhere', () => {
    expect(lines(proxied)).toEqual([
      'problem: a proxy at 10.0.0.9 hides the addresses of 2 clients: start the gateway with --trusted-proxies 10.0.0.9 (OpenClaw: gateway.trustedProxies) and let the proxy send X-Forwarded-For',
    ]);
  });

  it("on the gateway's own computer too", () => {
    const local = proxied.map(({ observedIp: _, ...row }) => row);
    expect(lines(local)[0]).toMatch(/^problem: a proxy at the gateway's own computer .* 127\.0\.0\.1,::1 /);
  });

  it('that is trusted already may not send the header', () => {
    expect(lines(proxied, { trustedProxies: ['10.0.0.0/8'] })[0]).toContain(
      'the gateway believes 10.0.0.0/8: add 10.0.0.9, or let the proxy send X-Forwarded-For',
    );
  });

  it('may be a router when only the hosts differ', () => {
    const hosts = ['a', 'b', 'c'].map((host) => client(host, { observedIp: '10.0.0.9' }));
    expect(lines(hosts)).toEqual([
      expect.stringMatching(/^note: 3 hosts have the one address 10\.0\.0\.9: if a proxy/),
    ]);
    expect(lines(hosts.slice(1))).toEqual([]);
  });

  it('is found at an OpenClaw gateway, which lists addresses only', () => {
    const rows = ['a', 'b', 'c'].map((host) => {
      const { sources: _, connections: __, ...row } = client(host, { ip: '10.0.0.9' });
      return row;
    });
    expect(lines(rows, { isRollcall: false })[0]).toMatch(/^note: 3 hosts/);
  });

  it('is not found when clients have different addresses, or run beside the gateway', () => {
    const apart = ['192.0.2.8', '192.0.2.9'].map((ip) => client(ip, { observedIp: ip, reportedIp: ip }));
    expect(lines(apart)).toEqual(['ok: no proxy hides the addresses of clients']);
    const beside = ['a', 'b', 'c'].map((host) => client(host, { reportedIp: '192.0.2.1' }));
    expect(lines(beside)).toEqual([]);
    expect(lines([])).toEqual([]);
  });
});
