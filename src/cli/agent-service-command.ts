import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ServiceFile, ServiceInstaller, ServicePlan } from '../agent/index.ts';
import { configHome, userName } from '../host/index.ts';
import { type AgentFlags, readAgentFlags, writeAgentFlags } from './agent-flags.ts';
import { agentTargets } from './agent-targets.ts';
import type { CommandContext } from './command-context.ts';
import { typedCredentials } from './gateway-target.ts';
import { misused, type Result, refused, success } from './result.ts';
import type { Shell } from './shell.ts';

const scriptPath = fileURLToPath(new URL('./main.js', import.meta.url));

/** A service of this user, ready to be installed, removed or asked. */
interface AgentService {
  readonly installer: ServiceInstaller;
  readonly plan: ServicePlan;
  readonly environmentFile: string;
}

/** What the service is made of; both stay empty where it is only removed or asked. */
interface ServiceContent {
  readonly flags: readonly string[];
  readonly settings: Readonly<Record<string, string | undefined>>;
}

/** `rollcall agent install`: the flags go into the service, address and secret into a file of their own (0600). */
export async function installAgent({ shell }: CommandContext, flags: AgentFlags): Promise<Result<void>> {
  const read = readAgentFlags(flags);
  if (!read.ok) return read;
  if (/[\\/]_npx[\\/]/.test(scriptPath)) {
    return refused(
      'npx keeps this program only for a while: install it (npm install --global rollcall), then repeat this',
    );
  }
  const { urls = [] } = flags;
  const targets = agentTargets(flags, shell);
  if (!targets.ok) return targets;
  const [target] = targets.value;
  const { token, password } = typedCredentials(flags, shell.env);
  const service = await openService(shell, {
    // Of several gateways the first has its secret in the environment, the others in the files that are named.
    flags: [...writeAgentFlags(read.value), ...(urls.length > 1 ? urls.map((url) => `--url=${url}`) : [])],
    settings: {
      ROLLCALL_URL: target?.url,
      ROLLCALL_TOKEN: token ?? (urls.length === 1 && urls[0]?.includes(',') ? target?.token : undefined),
      ROLLCALL_PASSWORD:
        password ?? (urls.length === 1 && urls[0]?.includes(',') ? target?.password : undefined),
      XDG_STATE_HOME: shell.env['XDG_STATE_HOME'] || undefined,
    },
  });
  if (!service.ok) return service;
  const { installer, plan, environmentFile } = service.value;
  const result = await installer.install();
  if (!result.ok) return refused(result.message);
  shell.print(`installed with ${plan.manager} and started: ${plan.files[0].path}`);
  shell.print(`address and secret: ${environmentFile}`);
  shell.print(`what it says: ${plan.readLog}`);
  if (plan.hint !== undefined) shell.print(plan.hint);
  return success(undefined);
}

/** `rollcall agent uninstall`. */
export async function uninstallAgent({ shell }: CommandContext): Promise<Result<void>> {
  const service = await openService(shell, { flags: [], settings: {} });
  if (!service.ok) return service;
  const result = await service.value.installer.uninstall();
  if (!result.ok) return refused(result.message);
  shell.print('stopped and removed; its identity is kept for the next time');
  return success(undefined);
}

/** `rollcall agent status`. */
export async function showAgentService({ shell }: CommandContext): Promise<Result<void>> {
  const service = await openService(shell, { flags: [], settings: {} });
  if (!service.ok) return service;
  const { installer, plan } = service.value;
  const { installed, running } = await installer.status();
  if (!installed) return refused('the agent is not installed as a service: rollcall agent install');
  if (!running)
    return refused(`the agent is installed with ${plan.manager} and does not run. Why: ${plan.readLog}`);
  shell.print(`the agent is installed with ${plan.manager} and runs`);
  return success(undefined);
}

const noHome = refused('there is no home folder to install a service in: set HOME to an absolute path');

async function openService(shell: Shell, content: ServiceContent): Promise<Result<AgentService>> {
  const { platformService, ServiceInstaller, SettingError, systemRun, systemServiceFiles } = await import(
    '../agent/index.ts'
  );
  const { homeFolder } = shell;
  const folder = configHome(shell.env, homeFolder);
  if (folder === undefined || homeFolder === undefined) return noHome;
  const environmentFile = join(folder, 'rollcall', 'agent.env');
  try {
    const environment = await environmentOf(environmentFile, content);
    const plan = platformService(ownerOf(shell, homeFolder, folder), {
      nodePath: process.execPath,
      scriptPath,
      environmentFile,
      flags: content.flags,
    });
    if (plan === undefined)
      return refused(`no service manager is known on ${process.platform}: run "rollcall agent" from yours`);
    const run = systemRun({ timeoutMs: 30_000 });
    const installer = new ServiceInstaller({ plan, environment, files: systemServiceFiles(), run });
    return success({ installer, plan, environmentFile });
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
