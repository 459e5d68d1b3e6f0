import { describe, expect, it } from 'vitest';
import { type PlannedScenario, plan, type Selection } from './plan.ts';

const everything: Selection = {
  scenarios: [],
  sizes: [],
  peers: [],
  quick: false,
  openclaw: false,
  before: false,
};

function contenderIds({ cells }: PlannedScenario): string[] {
  return cells.flatMap(({ contenders }) => contenders.map(({ id }) => id));
}

describe('plan', () => {
  it('has all scenarios at their sizes, without OpenClaw when there is none', () => {
    const planned = plan(everything);
    expect(planned.map(({ scenario }) => scenario.name)).toContain('storm');
    expect(planned[0]?.cells.map(({ size }) => size)).toEqual([1, 50, 200, 1_000]);
    expect(planned.flatMap(contenderIds)).not.toContain('openclaw');
    expect(plan({ ...everything, openclaw: true, before: false }).flatMap(contenderIds)).toContain(
      'openclaw',
    );
  });

  it('replaces a question by all of its scenarios', () => {
    const planned = plan({ ...everything, scenarios: ['clients'] });
    expect(planned.map(({ scenario }) => scenario.name)).toEqual(['storm', 'churn']);
  });

  it('replaces a peer by all of its contenders', () => {
    const [storm] = plan({ ...everything, scenarios: ['storm'], sizes: [50], peers: ['socketio', 'ws-raw'] });
    expect(storm && contenderIds(storm)).toEqual(['ws-raw', 'socketio-diff', 'socketio-full']);
  });

  it('leaves a contender out where it could not finish', () => {
    const [paced] = plan({
      ...everything,
      scenarios: ['paced'],
      peers: ['socketio-full'],
      sizes: [200, 1_000],
    });
    expect(paced?.cells.map(({ size }) => size)).toEqual([200]);
  });

  it('lists the valid names when one is unknown', () => {
    expect(() => plan({ ...everything, scenarios: ['strom'] })).toThrow(
      /unknown scenario "strom"; there are: watchers, .*, storm, /,
    );
    expect(() => plan({ ...everything, peers: ['ws'] })).toThrow(/unknown peer "ws"; there are: ws-raw, /);
    expect(() => plan({ ...everything, scenarios: ['list'], peers: ['ws-batch'] })).toThrow(
      /takes part in list/,
    );
  });
});
