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
import { page } from './page.ts';
import { roster } from './roster.ts';
import type { Scenario } from './scenario.ts';
import { storm } from './storm.ts';
import { updateCost } from './update-cost.ts';
import { upstreams } from './upstreams.ts';

/** A question of a reader, and the scenarios that answer it. */
export interface Question {
  readonly name: string;
  readonly title: string;
  /** The chart shows the first. */
  readonly scenarios: readonly [Scenario, ...Scenario[]];
}

/** Every question, in the order of the report. */
export const questions: readonly Question[] = [
  { name: 'watchers', title: 'Many watchers of one roster', scenarios: [fanout, paced] },
  { name: 'clients', title: 'Many clients at once', scenarios: [storm, churn] },
  { name: 'rest', title: 'Starting and resting', scenarios: [commands, idle] },
  { name: 'readers', title: 'What a reader pays', scenarios: [clientApply, page, list, mcpCall] },
  {
    name: 'sources-and-sinks',
    title: 'What sources and sinks cost',
    scenarios: [notices, journal, journalAt, upstreams, cluster],
  },
  { name: 'large-rosters', title: 'Large rosters', scenarios: [updateCost, roster] },
];

/** Every scenario, in the order of the report. */
export const scenarios: readonly Scenario[] = questions.flatMap((question) => question.scenarios);

/** The scenario of this name; throws `TypeError` with the names there are. */
export function scenarioOf(name: string): Scenario {
  const [scenario] = scenariosOf(name);
  if (scenario?.name !== name) throw unknown(name);
  return scenario;
}

/** The scenarios of this question, or the one of this name; throws `TypeError` with the names there are. */
export function scenariosOf(name: string): readonly Scenario[] {
  const question = questions.find((one) => one.name === name);
  if (question) return question.scenarios;
  const scenario = scenarios.find((one) => one.name === name);
  if (!scenario) throw unknown(name);
  return [scenario];
}

function unknown(name: string): TypeError {
  const names = [...questions, ...scenarios].map((one) => one.name).join(', ');
  return new TypeError(`unknown scenario "${name}"; there are: ${names}`);
}
