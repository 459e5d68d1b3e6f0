import { type Actor, type Field, pause, repeating } from '../field.ts';
import { HonestClient, type Identity } from '../honest-client.ts';
import type { Random } from '../random.ts';

const questions = ['health', 'status', 'presence.list', 'system-presence', 'config.get', 'node.list'];

/** A client that stays connected and asks several times a second. */
export function steady(client: HonestClient, random: Random): Actor {
  const { host, instanceId } = client.identity;
  return repeating({
    random,
    pauseMs: 400,
    async act() {
      if (random.once(4)) await client.ask('system-event', { text: `${host} works`, instanceId, host });
      else await client.ask(random.pick(questions));
    },
  });
}

/** Clients that come, ask something and go: politely, abruptly, with a stable id or without. */
export function churn({ url, token, findings }: Field, random: Random): Actor {
  return repeating({
    random,
    pauseMs: 150,
    async act() {
      const client = await HonestClient.connect(url, token, visitor(random), findings);
      const isNode = client.identity.role === 'node';
      for (let times = random.below(4); times > 0; times -= 1) {
        await client.ask(isNode ? 'health' : random.pick(questions));
      }
      if (isNode) await client.ask('node.event', { event: 'node.presence.alive', payload: {} });
      await pause(random.below(300));
      await client.leave({ abruptly: random.once(3) });
    },
  });
}

/** Beacons about a thousand instances, five times as many as fit. */
export function beacons({ url, token, findings }: Field, random: Random): Actor {
  const identity = { host: 'beacons', mode: 'cli', scopes: ['operator.write'] };
  return {
    async round(endMs) {
      const client = await HonestClient.connect(url, token, identity, findings);
      const sending = repeating({
        random,
        pauseMs: 20,
        act: async () => void (await client.ask('system-event', beacon(random))),
      });
      await sending.round(endMs);
      await client.leave();
    },
  };
}

/** A random beacon of the pool. */
export function beacon(random: Random): object {
  const number = random.below(1_000);
  return {
    text: `Node: crowd-${number} (192.0.2.${number % 255}) · app 1.${random.below(9)} · mode webchat`,
    instanceId: random.once(3) ? `Crowd-${number}` : `crowd-${number}`,
    lastInputSeconds: random.below(1_000),
    tags: Array.from({ length: random.below(5) }, (_, index) => `tag-${index}`),
  };
}

function visitor(random: Random): Identity {
  const number = random.below(300);
  const mode = random.pick(['ui', 'webchat', 'backend', 'probe', 'cli', 'node']);
  const named = { host: `visitor-${number}`, mode };
  const identity = random.once(4) ? named : { ...named, instanceId: `visitor-${number}` };
  if (mode === 'node') return { ...identity, role: 'node' };
  return { ...identity, deltas: random.once(2) };
}
