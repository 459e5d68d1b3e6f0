import { churn } from './churn.ts';
import { clientApply } from './client-apply.ts';
import { cluster } from './cluster.ts';
import { commands } from './commands.ts';
import { fanout, paced } from './fanout.ts';
import { idle } from './idle.ts';
import { journal } from './journal.ts';
import { journalAt } from './journal-at.ts';
import { list } from './list.ts';
import { mcpCall } from './mcp-call.ts';
import { notices } from './notices.ts';
import { roster } from './roster.ts';
import type { Scenario } from './scenario.ts';
import { startup } from './startup.ts';
import { storm } from './storm.ts';
import { updateCost } from './update-cost.ts';
import { upstreams } from './upstreams.ts';

/** Every scenario, in the order of the report. */
export const scenarios: readonly Scenario[] = [
  storm,
  fanout,
  paced,
  list,
  mcpCall,
  updateCost,
  idle,
  churn,
  startup,
  commands,
  roster,
  clientApply,
  journal,
  journalAt,
  notices,
  cluster,
  upstreams,
];

/** The scenario of this name; throws `TypeError` with the names there are. */
export function scenarioOf(name: string): Scenario {
  const scenario = scenarios.find((one) => one.name === name);
  if (!scenario) {
    const names = scenarios.map((one) => one.name).join(', ');
    throw new TypeError(`unknown scenario "${name}"; there are: ${names}`);
  }
  return scenario;
}
