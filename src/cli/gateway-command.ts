import { isIPv4 } from 'node:net';
import { join } from 'node:path';
import { isLoopback } from '../core/index.ts';
import type { Gateway, GatewayOptions, Logger, Settings } from '../gateway/index.ts';
import { flagOf, optionNames, type SettingName, variableOf } from '../gateway/settings.ts';
import { setUpCluster } from './cluster-setup.ts';
import type { CommandContext } from './command-context.ts';
import { type ChosenAuth, chooseAuth } from './gateway-auth.ts';
import { obtainInstanceId } from './gateway-identity.ts';
import type { GatewayParts } from './gateway-parts.ts';
import { misused, ok, type Result, refused } from './result.ts';
import { type ResolvedSettings, readSettings } from './settings-sources.ts';
import { exitCodeOf, type Shell } from './shell.ts';
import { startBanner } from './start-banner.ts';
import { stateFolder } from './state-folder.ts';
import { tokensFileOf } from './token-store.ts';
import { upstreamsText } from './upstream-flag.ts';
import { followUpstreams } from './upstream-follow.ts';
import { upstreamsFileOf } from './upstream-store.ts';

/** `rollcall gateway` as typed. */
export interface GatewayFlags {
  /** `--config FILE`. */
  readonly configFile?: string;
  readonly settings: Readonly<Partial<Record<SettingName, string>>>;
  /** `--upstream NAME=URL`, each. */
  readonly upstreams?: readonly string[];
}

/**
 * `rollcall gateway`: starts the gateway, prints how to connect, and runs until SIGINT, SIGTERM or SIGHUP.
 *
 * A second signal ends the process at once, with the exit code of that signal.
 */
export async function runGateway(
  context: CommandContext,
  flags: GatewayFlags,
  loadParts: () => Promise<GatewayParts>,
): Promise<Result<void>> {
  const { shell, version } = context;
  const upstreams = upstreamsText(flags.upstreams ?? [], flags.settings.upstreams, shell);
  if (!upstreams.ok) return upstreams;
  const input = {
    ...shell,
    flags: { ...flags.settings, ...(upstreams.value !== undefined && { upstreams: upstreams.value }) },
    ...(flags.configFile !== undefined && { configFile: flags.configFile }),
  };
  const read = readSettings(input);
  if (!read.ok) return read;
  const { settings } = read.value;
  const chosen = chooseAuth(settings, stateFolder(shell));
  if (!chosen.ok) return chosen;
  const parts = await loadParts();
  const logger = parts.createLogger(settings.logLevel);
  warnOfTypedSecrets(read.value, logger);
  for (const variable of read.value.ignored)
    logger.warn({ variable }, 'a service link of Kubernetes or Docker, not a setting: ignored');
  const cluster = await setUpCluster(settings, parts.loadEngines);
  if (!cluster.ok) return cluster;
  const chosenParts = { ...chosen.value, cluster: cluster.value };
  const gateway = build(parts, context, settings, chosenParts, logger);
  if (!gateway.ok) return gateway;
  const stopped = stopRequest(shell);
  shell.onFault((fault, origin) => {
    logger.error({ err: fault, origin }, 'the gateway stops: nobody caught this error');
    void logger.flush(logGraceMs).then(() => shell.exit(1));
  });
  const started = await listen(gateway.value, settings);
  if (!started.ok) {
    stopped.cancel();
    await logger.flush(logGraceMs);
    return started;
  }
  shell.print(
    startBanner({
      url: started.value.url,
      version,
      chosen: chosen.value,
      hasPage: parts.pageFolder !== undefined,
      command: shell.command ?? 'rollcall',
      lanAddress: lanAddressOf(shell),
    }),
  );
  const unwatch = followUpstreams(gateway.value, input, read.value, logger);
  await stopped.promise;
  unwatch();
  await gateway.value.close('gateway stopping');
  stopped.cancel();
  await logger.flush(logGraceMs);
  return ok(undefined);
}

/** Longest wait for a log that is slow, at the end, milliseconds. */
const logGraceMs = 500;

/** Other users could read a flag in the list of processes before this one changed its title. */
function warnOfTypedSecrets({ originOf }: ResolvedSettings, logger: Logger): void {
  for (const name of ['token', 'password'] as const) {
    if (!originOf(name).startsWith('flag')) continue;
    const better = `use ${variableOf(name)} or ${flagOf(`${name}File`)}`;
    logger.warn({ setting: name }, `a secret was given as a flag, where other users can read it: ${better}`);
  }
}

/** A gateway that has not started yet. */
type StartableGateway = Pick<Gateway, 'start' | 'close' | 'setUpstreams' | 'setNotices'>;

function build(
  parts: GatewayParts,
  context: CommandContext,
  settings: Settings,
  { auth, cluster }: ChosenAuth & Pick<GatewayOptions, 'cluster'>,
  logger: Logger,
): Result<StartableGateway> {
  const { bind, tlsCert, tlsKey } = settings;
  const folder = stateFolder(context.shell);
  const identity = obtainInstanceId(folder, settings.port);
  if (!identity.ok)
    logger.warn({ problem: identity.error.message }, 'the gateway has another instance id at each start');
  const optional = {
    ...(identity.ok && { instanceId: identity.value }),
    ...(parts.pageFolder !== undefined && { pageFolder: parts.pageFolder }),
    ...(tlsCert !== undefined && tlsKey !== undefined && { tls: { certFile: tlsCert, keyFile: tlsKey } }),
    tokensFile: folder === undefined ? undefined : tokensFileOf(folder),
    upstreamsFile: folder === undefined ? undefined : upstreamsFileOf(folder),
    annotationsFile: folder === undefined ? undefined : join(folder, 'annotations.json'),
    noticesFolder: folder === undefined ? undefined : join(folder, `notices-${settings.port}`),
  };
  try {
    return ok(
      parts.createGateway({
        ...gatewayPart(settings),
        ...optional,
        host: bind,
        auth,
        cluster,
        version: context.version,
        logger,
      }),
    );
  } catch (error) {
    if (error instanceof TypeError) return misused(error.message);
    throw error;
  }
}

/** The settings that are options of the gateway under the same name. */
function gatewayPart(settings: Settings): Omit<GatewayOptions, 'auth'> {
  return Object.fromEntries(optionNames.map((name) => [name, settings[name]]));
}

async function listen(gateway: StartableGateway, settings: Settings): Promise<Result<{ url: string }>> {
  try {
    return ok(await gateway.start());
  } catch (error) {
    await gateway.close('could not start');
    if (error instanceof TypeError) return misused(error.message);
    const { code, message, name } = error as NodeJS.ErrnoException;
    if (name === 'ClusterSetupError' || name === 'JournalFileError') return refused(message);
    const where = `${settings.bind}:${settings.port}`;
    switch (code) {
      case 'EADDRINUSE':
        return refused(
          `port ${settings.port} of ${settings.bind} is in use: stop the other program (another gateway?), or choose a port with --port`,
        );
      case 'EACCES':
        return refused(`this user may not listen on ${where}: choose a port above 1023 with --port`);
      case 'EADDRNOTAVAIL':
        return refused(
          `${settings.bind} is no address of this computer: choose one with --bind, for example 127.0.0.1`,
        );
      case 'ENOTFOUND':
      case 'EAI_AGAIN':
        return refused(
          `the host name ${settings.bind} is not known: give an address with --bind, for example 127.0.0.1`,
        );
      case undefined:
        throw error;
      default:
        return refused(`cannot listen on ${where}: ${message}`);
    }
  }
}

/** The first IPv4 address at which other computers may reach this one. */
function lanAddressOf(shell: Shell): string | undefined {
  return shell.addresses?.().find((address) => isIPv4(address) && !isLoopback(address));
}

/** Settles at the first stop signal; the second ends the process. */
function stopRequest(shell: Shell): { readonly promise: Promise<void>; readonly cancel: () => void } {
  let cancel = (): void => {};
  const promise = new Promise<void>((resolve) => {
    let asked = false;
    cancel = shell.onStopSignal((signal) => {
      if (asked) shell.exit(exitCodeOf(signal));
      asked = true;
      resolve();
    });
  });
  return { promise, cancel };
}
