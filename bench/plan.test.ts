import { describe, expect, it } from 'vitest';
import { plan, type Selection } from './plan.ts';

const everything: Selection = { scenarios: [], sizes: [], peers: [], quick: false, openclaw: false };

describe('plan', () => {
  it('takes all scenarios at their sizes, without OpenClaw when there is none', () => {
    const planned = plan(everything);
    expect(planned.map(({ scenario }) => scenario.name)).toContain('storm');
    expect(planned[0]?.sizes).toEqual([50, 200, 1_000, 2_000]);
    expect(planned.flatMap(({ contenders }) => contenders.map(({ id }) => id))).not.toContain('openclaw');
    expect(plan({ ...everything, openclaw: true })[0]?.contenders.map(({ id }) => id)).toContain('openclaw');
  });

  it('lets a peer stand for all of its contenders', () => {
    const [storm] = plan({ ...everything, scenarios: ['storm'], peers: ['socketio', 'ws-raw'] });
    expect(storm?.contenders.map(({ id }) => id)).toEqual(['ws-raw', 'socketio-diff', 'socketio-full']);
  });

  it('names what there is when a name is unknown', () => {
    expect(() => plan({ ...everything, scenarios: ['strom'] })).toThrow(
      /unknown scenario "strom"; there are: storm, /,
    );
    expect(() => plan({ ...everything, peers: ['ws'] })).toThrow(/unknown peer "ws"; there are: ws-raw, /);
    expect(() => plan({ ...everything, scenarios: ['list'], peers: ['ws-batch'] })).toThrow(
      /takes part in list/,
    );
  });
});
