import type { Agent, AgentLog, AgentOptions } from '../agent/index.ts';
import { type AgentFlags, type AgentReportSettings, readAgentFlags } from './agent-flags.ts';
import { agentTargets } from './agent-targets.ts';
import type { CommandContext } from './command-context.ts';
import { ok, type Result, refused } from './result.ts';
import { exitCodeOf, type Shell } from './shell.ts';
import { namedStateFolder } from './state-folder.ts';

/**
 * `rollcall agent`: reports this computer until SIGINT, SIGTERM or SIGHUP, or until the gateway refuses it for good.
 *
 * A second signal ends the process at once.
 */
export async function runAgent(context: CommandContext, flags: AgentFlags): Promise<Result<void>> {
  const settings = readAgentFlags(flags);
  if (!settings.ok) return settings;
  if (flags.dryRun) return preview(context.shell, settings.value);
  const targets = agentTargets(flags, context.shell);
  if (!targets.ok) return targets;
  const folder = namedStateFolder(context.shell);
  if (!folder.ok) return folder;
  const stopped = stopRequest(context.shell);
  const agent = await start({
    targets: targets.value,
    ...settings.value,
    version: context.version,
    stateFolder: folder.value,
    log: shellLog(context.shell),
  });
  if (!agent.ok) return agent;
  const reason = await Promise.race([stopped, agent.value.refused]);
  await agent.value.close();
  return reason === undefined ? ok(undefined) : refused(reason);
}

async function preview(shell: Shell, settings: AgentReportSettings): Promise<Result<void>> {
  const { previewReport } = await import('../agent/index.ts');
  const report = await previewReport({ ...settings, say: shellLog(shell).info });
  shell.print(JSON.stringify(report, undefined, 2));
  return ok(undefined);
}

async function start(options: AgentOptions): Promise<Result<Agent>> {
  const { IdentityError, startAgent } = await import('../agent/index.ts');
  try {
    return ok(await startAgent(options));
  } catch (error) {
    if (error instanceof IdentityError) return refused(error.message);
    throw error;
  }
}

/** Standard output is for the results of a command; an agent only logs, on standard error. */
function shellLog(shell: Shell): AgentLog {
  const say = (line: string): void => shell.complain(`rollcall agent: ${line}`);
  return { info: say, warn: say };
}

/** Resolves at the first stop signal; the second ends the process. */
function stopRequest(shell: Shell): Promise<undefined> {
  return new Promise((resolve) => {
    let isAsked = false;
    shell.onStopSignal((signal) => {
      if (isAsked) shell.exit(exitCodeOf(signal));
      isAsked = true;
      resolve(undefined);
    });
  });
}
