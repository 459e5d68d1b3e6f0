import type { AgentMode } from '../agent/index.ts';
import type { TargetFlags } from './gateway-target.ts';
import { misused, ok, type Result } from './result.ts';

/** `rollcall agent` as typed. */
export interface AgentFlags extends TargetFlags {
  /** Each `--url`. */
  readonly urls?: readonly string[];
  readonly mode?: string;
  readonly name?: string;
  /** False with `--no-input`. */
  readonly input?: boolean;
  readonly intervalMs?: string;
  readonly dryRun?: boolean;
}

/** The flags of an agent, checked. */
export interface AgentReportSettings {
  readonly mode: AgentMode;
  readonly name?: string;
  readonly reportInput: boolean;
  readonly beaconIntervalMs?: number;
}

/** Checks the flags; each problem is a line of its own. */
export function readAgentFlags(flags: AgentFlags): Result<AgentReportSettings> {
  const { mode = 'node', name, input = true, intervalMs } = flags;
  const problems: string[] = [];
  if (mode !== 'node' && mode !== 'ui')
    problems.push(`--mode must be node or ui, but is ${JSON.stringify(mode)}`);
  if (name !== undefined && !/^[^\p{Cc}]{1,256}$/u.test(name.trim()))
    problems.push('--name must be 1 to 256 characters of text');
  if (intervalMs !== undefined && !isInterval(intervalMs))
    problems.push(
      `--interval-ms must be a whole number from 1000 to 86400000, but is ${JSON.stringify(intervalMs)}`,
    );
  if (problems.length > 0) return misused(problems.join('\n'));
  return ok({
    mode: mode === 'ui' ? 'ui' : 'node',
    ...(name !== undefined && { name: name.trim() }),
    reportInput: input,
    ...(intervalMs !== undefined && { beaconIntervalMs: Number(intervalMs) }),
  });
}

/** The flags that make an agent with these settings, for its service. */
export function writeAgentFlags(settings: AgentReportSettings): readonly string[] {
  const { mode, name, reportInput, beaconIntervalMs } = settings;
  return [
    `--mode=${mode}`,
    ...(name === undefined ? [] : [`--name=${name}`]),
    ...(reportInput ? [] : ['--no-input']),
    ...(beaconIntervalMs === undefined ? [] : [`--interval-ms=${beaconIntervalMs}`]),
  ];
}

function isInterval(text: string): boolean {
  return /^\d{4,8}$/.test(text) && Number(text) >= 1_000 && Number(text) <= 86_400_000;
}
