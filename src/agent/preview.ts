import type { HostStats } from '../core/entry.ts';
import type { AgentMode } from './agent.ts';
import type { HostFacts } from './host-facts.ts';
import { openMachine } from './machine.ts';

/** What an agent would report to a gateway about this computer now. */
export interface Preview extends HostFacts {
  readonly mode: AgentMode;
  readonly lastInputSeconds?: number;
  readonly hostStats?: HostStats;
}

/** Options of `previewReport`: as for an agent; `say` gets one line about idle sources. */
export interface PreviewOptions {
  readonly mode: AgentMode;
  readonly name?: string;
  readonly reportInput: boolean;
  readonly say: (line: string) => void;
}

/** Reads everything an agent would report, and sends nothing. */
export async function previewReport(options: PreviewOptions): Promise<Preview> {
  const { mode, name, reportInput, say } = options;
  const machine = await openMachine(say);
  const lastInputSeconds = reportInput ? await machine.idleSeconds() : undefined;
  const hostStats = mode === 'node' ? await machine.hostStats() : undefined;
  machine.close();
  return {
    ...machine.facts,
    ...(name !== undefined && { host: name }),
    mode,
    ...(lastInputSeconds !== undefined && { lastInputSeconds }),
    ...(hostStats && { hostStats }),
  };
}
