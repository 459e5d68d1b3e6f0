import { resolve } from 'node:path';
import { flagOf, type SettingName, settingOf, variableOf } from '../gateway/settings.ts';
import type { CommandContext } from './command-context.ts';
import type { GatewayFlags } from './gateway-command.ts';
import { ok, type Result, refused } from './result.ts';
import { installFirst, installService, isTemporary, openService } from './service-setup.ts';
import { readSettings } from './settings-sources.ts';

/** `--system`: a service of the computer, which root installs. */
export interface ServiceScope {
  readonly system?: boolean;
}

/**
 * `rollcall gateway install`: settings that were typed go into the service, secrets and `ROLLCALL_…` variables into a file of their
 * own (0600). Settings are checked first: a service that cannot start is not installed.
 */
export async function installGateway(
  { shell }: CommandContext,
  flags: GatewayFlags & ServiceScope,
): Promise<Result<void>> {
  const { settings: typed, configFile, system: isSystem = false } = flags;
  const read = readSettings({ ...shell, flags: typed, ...(configFile !== undefined && { configFile }) });
  if (!read.ok) return read;
  if (isTemporary()) return installFirst;
  if (isSystem && process.getuid?.() !== 0)
    return refused('a service of the computer is installed by root: repeat this with sudo');
  const service = await openService(shell, { kind: 'gateway', isSystem, ...contentOf(flags, shell.env) });
  if (!service.ok) return service;
  return installService(shell, service.value, 'secrets and variables');
}

/** `rollcall gateway uninstall`. */
export async function uninstallGateway(
  { shell }: CommandContext,
  scope: ServiceScope,
): Promise<Result<void>> {
  const service = await openService(shell, emptyContent(scope));
  if (!service.ok) return service;
  const result = await service.value.installer.uninstall();
  if (!result.ok) return refused(result.error);
  shell.print('stopped and removed; tokens and names in the state folder are kept for the next time');
  return ok(undefined);
}

/** `rollcall gateway status`. */
export async function showGatewayService(
  { shell }: CommandContext,
  scope: ServiceScope,
): Promise<Result<void>> {
  const service = await openService(shell, emptyContent(scope));
  if (!service.ok) return service;
  const { installer, plan } = service.value;
  const { installed, running } = await installer.status();
  if (!installed) return refused('the gateway is not installed as a service: rollcall gateway install');
  if (!running)
    return refused(`the gateway is installed with ${plan.manager} and does not run. Why: ${plan.readLog}`);
  shell.print(`the gateway is installed with ${plan.manager} and runs`);
  return ok(undefined);
}

function emptyContent({ system: isSystem = false }: ServiceScope) {
  return { kind: 'gateway' as const, isSystem, flags: [], settings: {} };
}

/** Service managers start programs in another folder: the path of the configuration file is made absolute. */
function contentOf(
  { settings: typed, configFile, upstreams = [] }: GatewayFlags,
  env: CommandContext['shell']['env'],
) {
  const entries = Object.entries(typed) as [SettingName, string][];
  const isSecret = ([name]: [SettingName, string]): boolean => 'secret' in settingOf(name);
  const plain = entries
    .filter((entry) => !isSecret(entry))
    .map(([name, value]) => `${flagOf(name)}=${value}`);
  const variables = Object.entries(env).filter(
    ([name]) => name.startsWith('ROLLCALL_') && name !== 'ROLLCALL_CONFIG',
  );
  const secrets = entries.filter(isSecret).map(([name, value]) => [variableOf(name), value]);
  const config = configFile ?? env['ROLLCALL_CONFIG'];
  return {
    flags: [
      ...(config ? [`--config=${resolve(config)}`] : []),
      ...plain,
      ...upstreams.map((upstream) => `--upstream=${upstream}`),
    ],
    settings: {
      ...Object.fromEntries([...variables, ...secrets]),
      XDG_STATE_HOME: env['XDG_STATE_HOME'] || undefined,
    },
  };
}
