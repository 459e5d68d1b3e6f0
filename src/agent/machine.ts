import { systemClock } from '../client/system-clock.ts';
import type { HostStats } from '../core/entry.ts';
import { firstIpv4 } from '../host/index.ts';
import { type HostFacts, readHostFacts, systemHost } from './host-facts.ts';
import { readHostStats, systemMeasures } from './host-stats.ts';
import { IdleWatch } from './idle/idle-watch.ts';
import { platformProbes } from './idle/platform-probes.ts';
import { sessionEnvironment } from './idle/session-environment.ts';
import { systemRun } from './run.ts';

/** This computer, as far as an agent reports it. */
export interface Machine {
  readonly facts: HostFacts;
  /** First non-internal IPv4 address now. */
  ip(): string | undefined;
  hostStats(): Promise<HostStats>;
  /** Whole seconds since the last input; undefined when no source knows it. */
  idleSeconds(): Promise<number | undefined>;
  /** Closes the idle source. */
  close(): void;
}

/** Opens this computer. `say` gets one line about the idle source in use and each that is missing. */
export async function openMachine(say: (line: string) => void): Promise<Machine> {
  const run = systemRun();
  const facts = await readHostFacts(systemHost(run));
  const measures = systemMeasures();
  const idle = new IdleWatch({ probes: systemProbes(run), clock: systemClock, say });
  return {
    facts,
    ip: () => firstIpv4(),
    hostStats: () => readHostStats(measures),
    idleSeconds: () => idle.idleSeconds(),
    close: () => idle.close(),
  };
}

function systemProbes(run: ReturnType<typeof systemRun>): ReturnType<typeof platformProbes> {
  const uid = process.getuid?.();
  return platformProbes({
    platform: process.platform,
    ...(uid !== undefined && { uid }),
    environment: sessionEnvironment({ env: process.env, run }),
    wallMs: () => Date.now(),
    run,
  });
}
