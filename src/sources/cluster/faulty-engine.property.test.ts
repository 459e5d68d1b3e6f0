import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClusterFixture, FixtureGateway, fixtureLeaseMs } from '../../../test/harness/cluster-fixture.ts';
import { type Choose, FaultyHub } from '../../../test/harness/faulty-hub.ts';
import { propertyRuns } from '../../../test/harness/property-runs.ts';
import type { Change } from '../../core/index.ts';

const gatewayCount = 3;
const beatMs = fixtureLeaseMs / 3;
/** Clients: which of them, where. */
type Step =
  | { readonly kind: 'connect' | 'disconnect' | 'beacon'; readonly client: number; readonly at: number }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'clock'; readonly byMs: number }
  | { readonly kind: 'spoil'; readonly how: number }
  | { readonly kind: 'forget' | 'cut' | 'late' | 'full' | 'honest' | 'faulty' };

/** A history, and the decision of the engine at each step. */
interface History {
  readonly steps: readonly Step[];
  readonly decisions: readonly number[];
}

/** Gateways on a faulty engine, and what is true of their clients. */
class Scene {
  readonly fixture = new ClusterFixture();
  readonly hub = new FaultyHub(this.fixture.clock, this.fixture.timers);
  readonly gateways: readonly FixtureGateway[];
  /** Where each client is connected. */
  readonly live = new Map<string, number>();
  /** Clients and gateways of connections so far, one entry for each. */
  readonly #sessions: string[] = [];
  /** False leaves that a viewer received (PC2). */
  readonly lies: string[] = [];
  readonly #choose: Choose;

  constructor(decisions: readonly number[]) {
    let turn = 0;
    this.#choose = (upTo) =>
      decisions.length === 0 ? 0 : (decisions[turn++ % decisions.length] ?? 0) % upTo;
    this.gateways = [...Array(gatewayCount).keys()].map(
      (index) =>
        new FixtureGateway(`g${index}`, 'run', this.hub.engine(), {
          clock: this.fixture.clock,
          timers: this.fixture.timers,
          onChange: (change) => this.#check(index, change),
        }),
    );
  }

  async play(steps: readonly Step[]): Promise<void> {
    await this.fixture.pass(500);
    for (const step of steps) await this.#step(step);
  }

  /** The engine keeps its guarantees again, and enough time passes to repair everything. */
  async heal(): Promise<void> {
    this.hub.setFaults(undefined);
    this.hub.isFull = false;
    this.hub.deliverLate();
    await this.fixture.pass(8 * beatMs);
  }

  #check(at: number, change: Change): void {
    const where = this.live.get(change.key);
    if (change.key.startsWith('b') && change.kind === 'remove') this.lies.push(`${change.key} left g${at}`);
    // A gateway that held the client before may publish now that it left there.
    const isFirst = this.#sessions.filter((session) => session === `${change.key} g${where}`).length === 1;
    if (!isFirst || change.previous?.gatewayIds?.includes(`g${where}`) !== true) return;
    if (change.kind === 'remove' || change.view.connections === 0)
      this.lies.push(`${change.key} left g${at}: ${change.trigger}`);
  }

  async #step(step: Step): Promise<void> {
    switch (step.kind) {
      case 'connect':
        return this.#connect(step.client, step.at);
      case 'disconnect':
        return this.#disconnect(step.client);
      case 'beacon':
        return this.gateways[step.at]?.beacon({ instanceId: `b${step.client}`, host: `h${step.at}` });
      case 'pass':
        return this.fixture.pass(step.ms);
      case 'clock':
        this.hub.skewMs += step.byMs;
        return;
      case 'spoil':
        return this.#spoil(step.how);
      case 'forget':
        return this.hub.forget(() => this.#choose(2) === 1);
      case 'cut':
        return this.hub.reconnect(() => this.#choose(2) === 1);
      case 'late':
        return this.hub.deliverLate();
      case 'full':
        this.hub.isFull = true;
        return;
      case 'honest':
        this.hub.isFull = false;
        return this.hub.setFaults(undefined);
      case 'faulty':
        return this.hub.setFaults(this.#choose);
    }
  }

  #connect(client: number, at: number): void {
    const key = `c${client}`;
    if (this.live.has(key)) return;
    this.#sessions.push(`${key} g${at}`);
    this.live.set(key, at);
    this.gateways[at]?.connect(key, {
      instanceId: key,
      host: `h${client}`,
      mode: client % 3 === 0 ? 'probe' : 'ui',
    });
  }

  #disconnect(client: number): void {
    const key = `c${client}`;
    const at = this.live.get(key);
    if (at === undefined) return;
    this.live.delete(key);
    this.gateways[at]?.disconnect(key);
  }

  /** Garbage in place of an existing register, or of none. */
  #spoil(how: number): void {
    const [known] = this.hub.registers();
    if (known === undefined) return;
    const { stamp, view } = known;
    const far = { ...stamp, ms: Number.MAX_SAFE_INTEGER, counter: Number.MAX_SAFE_INTEGER };
    const later = { ...stamp, ms: stamp.ms + 1 };
    const forms = [
      { ...known, stamp: far },
      { memberId: known.memberId, key: known.key, stamp: far },
      { ...known, stamp: later, ...(view && { view: { ...view, host: 'x'.repeat(100_000) } }) },
      { ...known, stamp: later, ...(view && { view: { ...view, ts: 8.64e15 } }) },
      { ...known, stamp: later, ...(view && { view: { ...view, text: '\u001b[2J' } }) },
      { ...known, key: 'x'.repeat(10_000) },
    ];
    const form = forms[how % forms.length];
    if (form !== undefined) this.hub.spoil({ contributions: [form] });
  }
}

const client = fc.nat(5);
const at = fc.nat(gatewayCount - 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('connect' as const), client, at }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('disconnect' as const), client, at }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('beacon' as const), client, at }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.constantFrom(100, 700, 2_000) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('clock' as const),
      byMs: fc.constantFrom(-3_600_000, 3_600_000, 5_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('spoil' as const), how: fc.nat(5) }) },
  {
    weight: 7,
    arbitrary: fc.record({
      kind: fc.constantFrom('forget', 'cut', 'late', 'full', 'honest', 'faulty', 'faulty'),
    }) as fc.Arbitrary<Step>,
  },
);
const history: fc.Arbitrary<History> = fc.record({
  steps: fc.array(step, { minLength: 3, maxLength: 25 }),
  decisions: fc.array(fc.nat(11), { minLength: 1, maxLength: 40 }),
});

async function expectTruth({ steps, decisions }: History): Promise<void> {
  const scene = new Scene(decisions);
  await scene.play(steps);
  expect(scene.lies).toEqual([]);
  await scene.heal();
  expect(scene.lies).toEqual([]);
  const lists = scene.gateways.map((gateway) => JSON.stringify(gateway.clients()));
  expect(lists.slice(1)).toEqual(lists.slice(0, 1).flatMap((list) => [list, list]));
  const connected = scene.gateways[0]?.clients().filter(({ connections }) => connections > 0);
  expect(connected?.map(({ key }) => key).sort()).toEqual([...scene.live.keys()].sort());
  for (const { member } of scene.gateways)
    expect(member.status()).toMatchObject({
      state: 'up',
      gateways: [{}, { state: 'live' }, { state: 'live' }],
    });
}

/** The worst histories that were found. */
const worst: readonly (readonly [string, History])[] = [
  [
    'forgets everything, then one gateway reconnects',
    {
      steps: [
        { kind: 'connect', client: 1, at: 1 },
        { kind: 'beacon', client: 1, at: 2 },
        { kind: 'pass', ms: 700 },
        { kind: 'forget' },
        { kind: 'cut' },
      ],
      decisions: [0, 0, 0, 0, 0, 0, 0, 0, 1],
    },
  ],
  [
    'is set back an hour',
    {
      steps: [
        { kind: 'connect', client: 1, at: 1 },
        { kind: 'pass', ms: 2_000 },
        { kind: 'clock', byMs: -3_600_000 },
        { kind: 'pass', ms: 2_000 },
        { kind: 'pass', ms: 2_000 },
        { kind: 'pass', ms: 2_000 },
        { kind: 'pass', ms: 2_000 },
      ],
      decisions: [0],
    },
  ],
];

describe('a cluster whose engine keeps no guarantee', () => {
  it.each(worst)('[PC1] [PC2] is right again: it %s', async (_, found) => expectTruth(found));

  it('[PC1] [PC2] [PC11] [PC12] [PC14] [PC15] never shows a false leave, and lists the same once the engine keeps its guarantees', async () => {
    await fc.assert(fc.asyncProperty(history, expectTruth), { numRuns: propertyRuns() });
  });
});
