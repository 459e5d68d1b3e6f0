import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  type GatewayStatus,
  holdsDeviceToken,
  makeDeviceFile,
  nameProblem,
  type UpstreamConfig,
  urlProblem,
} from '../sources/upstreams/index.ts';
import type { CommandContext } from './command-context.ts';
import { openGatewayCall } from './gateway-call.ts';
import { resolveTarget, type TargetFlags } from './gateway-target.ts';
import { misused, ok, type Result, refused } from './result.ts';
import type { Shell } from './shell.ts';
import { ensureStateFolder, namedStateFolder } from './state-folder.ts';
import { type Column, layTable } from './text-table.ts';
import { withOwnSecret } from './upstream-flag.ts';
import { isSettled, openProbe, type Probe } from './upstream-probe.ts';
import { changeUpstreams, keepSecret, readUpstreams, secretFileOf } from './upstream-store.ts';

/** `rollcall upstream add` as typed. */
export interface AddFlags {
  readonly tokenFile?: string;
  readonly passwordFile?: string;
  readonly device?: boolean;
  readonly ca?: string;
}

/** How long a gateway has to answer. */
const answerMs = 10_000;
/** How long somebody has to approve a device. */
const approvalMs = 15 * 60_000;

/**
 * `rollcall upstream add NAME URL`: tries the gateway, waits for approval where it requires one, and stores it.
 *
 * The secret comes from `--token-file`, `--password-file`, the variable `ROLLCALL_UPSTREAM_TOKEN` (kept in a file of mode
 * 0600) or OpenClaw's own configuration on this computer. With `--device` it is needed until the device is approved there.
 */
export async function addUpstream(
  { shell, version }: CommandContext,
  name: string,
  url: string,
  flags: AddFlags,
): Promise<Result<void>> {
  const problem = nameProblem(name) ?? urlProblem(url);
  if (problem !== undefined) return misused(problem);
  const named = namedStateFolder(shell);
  if (!named.ok) return named;
  const folder = named.value;
  const ready = ensureStateFolder(folder);
  if (!ready.ok) return ready;
  const config = await configOf({ name, url }, flags, shell, folder);
  const tried = await tryOut(config, shell, version);
  if (!tried.ok) return tried;
  const lasting = await withoutSpentSecret(config);
  const kept = changeUpstreams(folder, (upstreams) =>
    ok([...upstreams.filter((one) => one.name.toLowerCase() !== name.toLowerCase()), lasting]),
  );
  if (!kept.ok) return kept;
  if (lasting !== config) rmSync(secretFileOf(folder, name, 'token'), { force: true });
  shell.print(`added ${name}: ${lineOf(tried.value)}`);
  shell.print('a running gateway reads it within a second; see it with: rollcall upstream list');
  return ok(undefined);
}

async function configOf(
  base: Pick<UpstreamConfig, 'name' | 'url'>,
  { tokenFile, passwordFile, device, ca }: AddFlags,
  shell: Shell,
  folder: string,
): Promise<UpstreamConfig> {
  const typed = shell.env['ROLLCALL_UPSTREAM_TOKEN'];
  const ownFile = secretFileOf(folder, base.name, 'token');
  if (typed && tokenFile === undefined && passwordFile === undefined) keepSecret(ownFile, typed);
  const deviceFile = secretFileOf(folder, base.name, 'device');
  if (device === true) await makeDeviceFile(deviceFile);
  const chosen = absolute(tokenFile) ?? (typed && passwordFile === undefined ? ownFile : undefined);
  return withOwnSecret(
    {
      ...base,
      ...(chosen !== undefined && { tokenFile: chosen }),
      ...(passwordFile !== undefined && { passwordFile: resolve(passwordFile) }),
      ...(device === true && { device: deviceFile }),
      ...(ca !== undefined && { ca: resolve(ca) }),
    },
    shell,
  );
}

/** The gateway that reads the file may run in another folder. */
function absolute(file: string | undefined): string | undefined {
  return file === undefined ? undefined : resolve(file);
}

/** A device that was granted a token of its own authenticates with that: the secret of the gateway is not stored (PU19). */
async function withoutSpentSecret(config: UpstreamConfig): Promise<UpstreamConfig> {
  const { tokenFile: _, passwordFile: __, ...rest } = config;
  const isSpent = config.device !== undefined && (await holdsDeviceToken(config.device));
  return isSpent ? rest : config;
}

/** A gateway that cannot be reached now is stored nevertheless; one that refuses is not. */
async function tryOut(config: UpstreamConfig, shell: Shell, version: string): Promise<Result<GatewayStatus>> {
  const probe = openProbe(config, version);
  try {
    let status = await probe.until(isSettled, answerMs);
    if (isWaiting(status)) status = await awaitApproval(probe, status, shell);
    if (status.state !== 'refused') return ok(status);
    return refused(`${config.name} was not added. ${lineOf(status)}`);
  } finally {
    probe.close();
  }
}

async function awaitApproval(probe: Probe, status: GatewayStatus, shell: Shell): Promise<GatewayStatus> {
  shell.complain(
    `${status.name} waits for somebody to approve this device. ${status.problem?.whatToDo ?? ''}`,
  );
  shell.complain('Waiting; Ctrl+C gives up. The key of the device is kept for the next time.');
  return probe.until((now) => isSettled(now) && !isWaiting(now), approvalMs);
}

function isWaiting({ problem }: GatewayStatus): boolean {
  return /^(PAIRING|NOT_PAIRED)/.test(problem?.code ?? '');
}

/** `rollcall upstream list`: as the running gateway reports them; without one, as they are stored. */
export async function listUpstreams(
  { shell, version }: CommandContext,
  flags: TargetFlags & { readonly json?: boolean },
): Promise<Result<void>> {
  const answer = await requestGateways(shell, version, flags);
  if (!answer.ok) {
    const named = namedStateFolder(shell);
    const kept = named.ok ? readUpstreams(named.value) : named;
    if (!kept.ok) return kept;
    shell.complain(`rollcall: their state is not known: ${answer.error.message}`);
    const names = kept.value.map(({ name, url }) => ({ name, url }));
    if (flags.json === true) shell.print(JSON.stringify(names, undefined, 2));
    else for (const { name, url } of names) shell.print(`${name}  ${url}`);
    return ok(undefined);
  }
  const gateways = answer.value;
  if (flags.json === true) shell.print(JSON.stringify(gateways, undefined, 2));
  else {
    shell.print(layTable({ columns: columnsAt(shell.nowMs()), rows: gateways, width: shell.columns }));
    for (const { name, problem } of gateways)
      if (problem !== undefined) shell.print(`${name}: ${problem.message}. ${problem.whatToDo}`);
  }
  return ok(undefined);
}

async function requestGateways(
  shell: Shell,
  version: string,
  flags: TargetFlags,
): Promise<Result<readonly GatewayStatus[]>> {
  const target = resolveTarget(flags, shell);
  if (!target.ok) return target;
  const { platform, nowMs } = shell;
  const opened = await openGatewayCall({
    target: target.value,
    scopes: ['operator.read'],
    version,
    platform,
    nowMs,
  });
  if (!opened.ok) return opened;
  const answer = await opened.value.request('gateways.list');
  opened.value.close();
  if (!answer.ok) return answer;
  return ok((answer.value as { gateways: readonly GatewayStatus[] }).gateways);
}

function columnsAt(nowMs: number): readonly Column<GatewayStatus>[] {
  const age = (ms: number | undefined): string =>
    ms === undefined ? '' : `${Math.max(0, Math.round((nowMs - ms) / 1000))}s ago`;
  return [
    { title: 'GATEWAY', cell: ({ name }) => name, dropRank: 0 },
    { title: 'KIND', cell: ({ kind }) => kind, dropRank: 3 },
    { title: 'STATE', cell: ({ state }) => state, dropRank: 0 },
    { title: 'ROWS', cell: ({ rows }) => String(rows), dropRank: 1 },
    { title: 'VERSION', cell: ({ version = '' }) => version, dropRank: 4 },
    {
      title: 'LATENCY',
      cell: ({ latencyMs }) => (latencyMs === undefined ? '' : `${latencyMs} ms`),
      dropRank: 5,
    },
    { title: 'HEARD', cell: ({ lastHeardAtMs }) => age(lastHeardAtMs), dropRank: 2 },
    { title: 'URL', cell: ({ url = '' }) => url, dropRank: 6 },
  ];
}

/** `rollcall upstream test [NAME]`: connects to the stored ones from this computer. */
export async function testUpstreams(
  { shell, version }: CommandContext,
  name?: string,
): Promise<Result<void>> {
  const named = namedStateFolder(shell);
  if (!named.ok) return named;
  const kept = readUpstreams(named.value);
  if (!kept.ok) return kept;
  const wanted = kept.value.filter(
    (one) => name === undefined || one.name.toLowerCase() === name.toLowerCase(),
  );
  if (wanted.length === 0) return refused(noSuch(name, kept.value));
  const failed: string[] = [];
  for (const config of wanted) {
    const probe = openProbe(config, version);
    const status = await probe.until(isSettled, answerMs);
    probe.close();
    shell.print(`${config.name}: ${lineOf(status)}`);
    if (status.state !== 'up') failed.push(config.name);
  }
  return failed.length === 0 ? ok(undefined) : refused(`not read: ${failed.join(', ')}`);
}

/** `rollcall upstream remove NAME`: deletes it, and the files that `add` made for it. */
export function removeUpstream({ shell }: CommandContext, name: string): Result<void> {
  const named = namedStateFolder(shell);
  if (!named.ok) return named;
  const folder = named.value;
  const removed = changeUpstreams(folder, (upstreams) => {
    const rest = upstreams.filter((one) => one.name.toLowerCase() !== name.toLowerCase());
    return rest.length < upstreams.length ? ok(rest) : refused(noSuch(name, upstreams));
  });
  if (!removed.ok) return removed;
  for (const kind of ['token', 'device'] as const) rmSync(secretFileOf(folder, name, kind), { force: true });
  shell.print(`removed ${name}; a running gateway forgets its rows within a second`);
  return ok(undefined);
}

function noSuch(name: string | undefined, kept: readonly UpstreamConfig[]): string {
  if (name === undefined) return 'there are no upstreams: rollcall upstream add NAME URL';
  const names = kept.map((one) => one.name).join(', ') || 'none';
  return `there is no upstream named ${name}; known: ${names}. Those of the configuration file are removed there`;
}

function lineOf({ state, version, rows, problem }: GatewayStatus): string {
  if (state === 'up') return `up, version ${version ?? 'unknown'}, ${rows} ${rows === 1 ? 'row' : 'rows'}`;
  return problem === undefined
    ? `${state}, no answer yet`
    : `${state}: ${problem.message}. ${problem.whatToDo}`;
}
