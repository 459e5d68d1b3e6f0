import { buildsOf, type Contender, contenderOf, contenders } from './contender.ts';
import { scenarios, scenariosOf } from './scenarios/catalogue.ts';
import type { Scenario } from './scenarios/scenario.ts';

/** The selection of the command line; empty lists mean everything. */
export interface Selection {
  /** Names of scenarios, or of questions, which select all of theirs. */
  readonly scenarios: readonly string[];
  readonly sizes: readonly number[];
  /** Ids of contenders, or names of peers, which select all of their contenders. */
  readonly peers: readonly string[];
  readonly quick: boolean;
  /** True when an OpenClaw gateway is available. */
  readonly openclaw: boolean;
  /** True when an earlier build is to be measured beside this one. */
  readonly before: boolean;
}

/** One size of a scenario and the contenders that alternate at it. */
export interface PlannedCell {
  readonly size: number;
  readonly contenders: readonly Contender[];
}

/** One scenario with the sizes to measure. */
export interface PlannedScenario {
  readonly scenario: Scenario;
  readonly cells: readonly PlannedCell[];
}

/** Chooses scenarios, sizes and contenders; throws `TypeError` for a name that does not exist or fits nothing. */
export function plan(selection: Selection): PlannedScenario[] {
  const chosen = selection.scenarios.length === 0 ? scenarios : selection.scenarios.flatMap(scenariosOf);
  selection.peers.forEach(checkPeer);
  const planned = chosen.map((scenario) => ({ scenario, cells: cellsOf(scenario, selection) }));
  const measured = planned.filter(({ cells }) => cells.length > 0);
  if (measured.length > 0) return measured;
  const names = chosen.map(({ name }) => name).join(', ');
  throw new TypeError(`none of ${selection.peers.join(', ')} takes part in ${names} at this size`);
}

function cellsOf(scenario: Scenario, selection: Selection): PlannedCell[] {
  const usual = selection.quick ? scenario.quickSizes : scenario.sizes;
  const sizes = selection.sizes.length > 0 ? selection.sizes : usual;
  const possible = scenario.contenders.map(contenderOf).flatMap(buildsOf);
  const chosen = possible.filter((contender) => isChosen(contender, selection));
  const cells = sizes.map((size) => ({
    size,
    contenders: chosen.filter(({ id }) => canTake(scenario, id, size)),
  }));
  return cells.filter(({ contenders: some }) => some.length > 0);
}

function canTake({ largestSizes }: Scenario, id: string, size: number): boolean {
  return size <= (largestSizes?.[id] ?? Number.POSITIVE_INFINITY);
}

function isChosen({ id, peer, isBefore }: Contender, { peers, openclaw, before }: Selection): boolean {
  if (peer === 'openclaw' && !openclaw) return false;
  if (isBefore && !before) return false;
  return peers.length === 0 || peers.includes(id) || peers.includes(peer);
}

function checkPeer(name: string): void {
  if (contenders.some(({ id, peer }) => name === id || name === peer)) return;
  const names = [...new Set(contenders.flatMap(({ id, peer }) => [peer, id]))].join(', ');
  throw new TypeError(`unknown peer "${name}"; there are: ${names}`);
}
