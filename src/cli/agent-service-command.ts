import { type AgentFlags, readAgentFlags, writeAgentFlags } from './agent-flags.ts';
import { agentTargets } from './agent-targets.ts';
import type { CommandContext } from './command-context.ts';
import { typedCredentials } from './gateway-target.ts';
import { ok, type Result, refused } from './result.ts';
import { installFirst, installService, isTemporary, openService } from './service-setup.ts';

/** `rollcall agent install`: the flags go into the service, address and secret into a file of their own (0600). */
export async function installAgent({ shell }: CommandContext, flags: AgentFlags): Promise<Result<void>> {
  const read = readAgentFlags(flags);
  if (!read.ok) return read;
  if (isTemporary()) return installFirst;
  const { urls = [] } = flags;
  const targets = agentTargets(flags, shell);
  if (!targets.ok) return targets;
  const [target] = targets.value;
  const { token, password } = typedCredentials(flags, shell.env);
  const service = await openService(shell, {
    kind: 'agent',
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
  return installService(shell, service.value, 'address and secret');
}

/** `rollcall agent uninstall`. */
export async function uninstallAgent({ shell }: CommandContext): Promise<Result<void>> {
  const service = await openService(shell, { kind: 'agent', flags: [], settings: {} });
  if (!service.ok) return service;
  const result = await service.value.installer.uninstall();
  if (!result.ok) return refused(result.error);
  shell.print('stopped and removed; its identity is kept for the next time');
  return ok(undefined);
}

/** `rollcall agent status`. */
export async function showAgentService({ shell }: CommandContext): Promise<Result<void>> {
  const service = await openService(shell, { kind: 'agent', flags: [], settings: {} });
  if (!service.ok) return service;
  const { installer, plan } = service.value;
  const { installed, running } = await installer.status();
  if (!installed) return refused('the agent is not installed as a service: rollcall agent install');
  if (!running)
    return refused(`the agent is installed with ${plan.manager} and does not run. Why: ${plan.readLog}`);
  shell.print(`the agent is installed with ${plan.manager} and runs`);
  return ok(undefined);
}
