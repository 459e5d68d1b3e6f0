// A roster inside a program, without any gateway, socket or timer: the core is a plain data structure.
//
//   node examples/embedded-roster.mjs
//
// Time comes from outside. Here a loop simulates ten minutes; a program passes
// `{ monoMs: performance.now(), wallMs: Date.now() }`.
import { ageMs, createRoster, entryOf, statusOf } from 'rollcall/core';

const roster = createRoster({ ttlMs: 300_000, maxEntries: 1_000 });
const startMs = Date.UTC(2026, 0, 1, 12);
const at = (second) => ({ monoMs: second * 1_000, wallMs: startMs + second * 1_000 });

/** Every change comes back from the call that made it. */
const tell = (second, changes) => {
  for (const change of changes) {
    const what = change.kind === 'upsert' ? `${change.trigger}: ${change.view.text}` : change.trigger;
    console.log(`${String(second).padStart(3)} s  ${change.kind} ${change.key}  ${what}`);
  }
};
const tellOutcome = (second, outcome) =>
  'refusal' in outcome ? console.error(outcome.refusal.refused) : tell(second, outcome.changes);

tell(0, roster.setSelf({ instanceId: 'hall', host: 'hall', mode: 'gateway', reason: 'self' }, at(0)));
tellOutcome(5, roster.beacon({ facts: { instanceId: 'door', host: 'door', mode: 'sensor' } }, at(5)));
tellOutcome(9, roster.beacon({ facts: { instanceId: 'lamp', host: 'lamp', mode: 'sensor' } }, at(9)));
tellOutcome(200, roster.beacon({ facts: { instanceId: 'LAMP', lastInputSeconds: 3 } }, at(200)));

// Reading expires nothing: sweep when `nextExpiryMonoMs` is reached.
const due = roster.nextExpiryMonoMs(at(200));
const second = Math.ceil(due / 1_000);
tell(second, roster.sweep(at(second)));

for (const view of roster.views(at(second))) {
  const { host, ts } = entryOf(view);
  console.log(`${host} is ${statusOf(ageMs({ ts }, at(second).wallMs))}`);
}
