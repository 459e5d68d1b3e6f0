import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ServiceFile, ServiceInstaller, ServiceKind, ServicePlan } from '../agent/index.ts';
import { configHome, userName } from '../host/index.ts';
import { misused, ok, type Result, refused } from './result.ts';
import type { Shell } from './shell.ts';

const scriptPath = fileURLToPath(new URL('./main.js', import.meta.url));

/** A service, to be installed, removed or queried. */
export interface CommandService {
  readonly installer: ServiceInstaller;
  readonly plan: ServicePlan;
  readonly environmentFile: string;
}

/** What a service is made of; flags and settings stay empty where it is only removed or queried. */
export interface ServiceContent {
  readonly kind: ServiceKind;
  /** True for a service of the computer instead of this user. */
  readonly isSystem?: boolean;
  readonly flags: readonly string[];
  readonly settings: Readonly<Record<string, string | undefined>>;
}

/** True when this program runs from the cache of npx, from which it may be deleted. */
export function isTemporary(): boolean {
  return /[\\/]_npx[\\/]/.test(scriptPath);
}

/** What to do in that case. */
export const installFirst: Result<never> = refused(
  'npx keeps this program only for a while: install it (npm install --global, see the README), then repeat this',
);

/** Installs and starts a service, and prints where its files are; `environmentHolds` names what is in its environment file. */
export async function installService(
  shell: Shell,
  { installer, plan, environmentFile }: CommandService,
  environmentHolds: string,
): Promise<Result<void>> {
  const result = await installer.install();
  if (!result.ok) return refused(result.error);
  shell.print(`installed with ${plan.manager} and started: ${plan.files[0].path}`);
  shell.print(`${environmentHolds}: ${environmentFile}`);
  shell.print(`what it says: ${plan.readLog}`);
  if (plan.hint !== undefined) shell.print(plan.hint);
  return ok(undefined);
}

const noHome = refused('there is no home folder to install a service in: set HOME to an absolute path');

/** The service of a command, for this user or the computer. */
export async function openService(shell: Shell, content: ServiceContent): Promise<Result<CommandService>> {
  const { platformService, ServiceInstaller, SettingError, systemRun, systemServiceFiles } = await import(
    '../agent/index.ts'
  );
  const { homeFolder } = shell;
  const folder = configHome(shell.env, homeFolder);
  if (folder === undefined || homeFolder === undefined) return noHome;
  const { kind, isSystem = false } = content;
  const environmentFile = isSystem ? '/etc/rollcall/gateway.env' : join(folder, 'rollcall', `${kind}.env`);
  try {
    const environment = await environmentOf(environmentFile, content);
    const plan = platformService(
      { ...ownerOf(shell, homeFolder, folder), isSystem },
      {
        kind,
        nodePath: process.execPath,
        scriptPath,
        environmentFile,
        flags: content.flags,
      },
    );
    if (plan === undefined)
      return refused(`no service manager is known on ${process.platform}: run "rollcall ${kind}" from yours`);
    const run = systemRun({ timeoutMs: 30_000 });
    const installer = new ServiceInstaller({ plan, environment, files: systemServiceFiles(), run });
    return ok({ installer, plan, environmentFile });
  } catch (error) {
    if (error instanceof SettingError) return misused(error.message);
    throw error;
  }
}

async function environmentOf(path: string, { settings }: ServiceContent): Promise<ServiceFile> {
  const { renderEnvironmentFile } = await import('../agent/index.ts');
  return { path, text: renderEnvironmentFile(settings), encoding: 'utf8', mode: 0o600 };
}

function ownerOf(
  shell: Shell,
  homeFolder: string,
  configHome: string,
): Parameters<typeof import('../agent/index.ts').platformService>[0] {
  const username = userName() ?? shell.env['USER'] ?? '';
  const uid = process.getuid?.();
  const domain = process.platform === 'win32' ? shell.env['USERDOMAIN'] : undefined;
  return {
    platform: process.platform,
    homeFolder,
    configHome,
    ...(uid !== undefined && { uid }),
    user: domain ? `${domain}\\${username}` : username,
  };
}
