import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { freePort } from '../../bench/servers/local-port.ts';
import { createGateway, type Gateway } from '../../src/gateway/index.ts';
import { clusterMetrics } from '../../src/sinks/metrics/cluster-metrics.ts';
import { MetricSet } from '../../src/sinks/metrics/metric-set.ts';
import { testToken } from '../harness/connect-params.ts';
import { assertEveryFrame } from '../harness/frame-recorder.ts';
import { askHttp } from '../harness/http-client.ts';
import { blockOf } from '../harness/markdown-blocks.ts';
import { describeWith } from '../harness/required-program.ts';

assertEveryFrame();

const run = promisify(execFile);
const fileOf = (path: string): string => fileURLToPath(new URL(`../../packaging/${path}`, import.meta.url));
const alertsFile = fileOf('prometheus/alerts.yml');
const dashboard = JSON.parse(readFileSync(fileOf('grafana/rollcall.json'), 'utf8')) as {
  panels: {
    id: number;
    gridPos: { x: number; y: number; w: number; h: number };
    targets: { expr: string }[];
  }[];
};
const queries = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));

let gateway: Gateway;
let url: string;
beforeAll(async () => {
  const upstreams = [{ name: 'home', url: 'ws://127.0.0.1:9' }];
  gateway = createGateway({ port: 0, auth: { mode: 'token', token: testToken }, upstreams });
  ({ url } = await gateway.start());
});
afterAll(() => gateway.close());

/** The names of all metrics, those of a cluster too. */
async function servedMetrics(): Promise<ReadonlySet<string>> {
  const metrics = new MetricSet();
  const counts = { publications: 0, contributionsSent: 0, contributionsReceived: 0, snapshots: 0 };
  clusterMetrics(metrics, {
    counts: { ...counts, losses: 0, repairs: 0, refused: 0 },
    status: () => ({ state: 'up', gateways: [] }),
    machineAheadMs: () => 0,
  });
  const text = (await askHttp({ url }, '/metrics')).text + metrics.text();
  return new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name));
}

describe('the files for Prometheus and Grafana', () => {
  it.each([
    ['alerts', readFileSync(alertsFile, 'utf8')],
    ['dashboard', JSON.stringify(dashboard)],
  ])('[PN18] the %s ask for metrics that the gateway has', async (_, text) => {
    const asked = [...new Set(text.match(/\brollcall_[a-z0-9_]+/g))];
    expect(asked.length).toBeGreaterThan(4);
    const served = await servedMetrics();
    expect(asked.filter((name) => !served.has(name))).toEqual([]);
  });

  it('panels have ids of their own and do not overlap', () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w } }) =>
      Array.from({ length: w }, (_, column) => `${x + column},${y}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });
});

describeWith(['prometheus', 'promtool'], 'a real Prometheus', () => {
  let folder: string;
  let api: string;
  let server: ReturnType<typeof spawn>;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rollcall-prometheus-'));
    const port = await freePort();
    writeFileSync(join(folder, 'token'), testToken);
    writeFileSync(join(folder, 'alerts.yml'), readFileSync(alertsFile));
    const config = blockOf('docs/operate/monitoring.md', 'yaml')
      .replace('/etc/prometheus/rollcall-token', join(folder, 'token'))
      .replace('127.0.0.1:18789', new URL(url).host)
      .replace('scrape_interval: 15s', 'scrape_interval: 1s');
    writeFileSync(join(folder, 'prometheus.yml'), config);
    mkdirSync(join(folder, 'data'));
    api = `http://127.0.0.1:${port}`;
    const args = [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`];
    server = spawn('prometheus', [...args, `--web.listen-address=127.0.0.1:${port}`], { stdio: 'ignore' });
  });
  afterAll(async () => {
    server.kill('SIGKILL');
    await once(server, 'exit');
    rmSync(folder, { recursive: true, force: true });
  });

  it('[PN18] promtool accepts the configuration of the documents and the alert rules', async () => {
    const { stdout } = await run('promtool', ['check', 'config', join(folder, 'prometheus.yml')]);
    expect(stdout).toMatch(/SUCCESS: [1-9]\d* rules found/);
  });

  it('scrapes the gateway with the token, and answers every query of the dashboard', async () => {
    await vi.waitFor(
      async () => expect(await ask('rollcall_instances_max{job="rollcall"}')).not.toEqual([]),
      {
        timeout: 30_000,
        interval: 250,
      },
    );
    for (const query of queries) {
      const plain = query.replaceAll('$job', 'rollcall').replaceAll('$__rate_interval', '1m');
      expect(Array.isArray(await ask(plain)), plain).toBe(true);
    }
    expect(await ask('up{job="rollcall"}')).toMatchObject([{ value: [expect.anything(), '1'] }]);
  });

  async function ask(query: string): Promise<unknown> {
    const answer = await fetch(`${api}/api/v1/query?${new URLSearchParams({ query })}`);
    const { status, error, data } = (await answer.json()) as Record<string, unknown>;
    if (status !== 'success') throw new Error(`${query}: ${error}`);
    return (data as { result: unknown }).result;
  }
});
