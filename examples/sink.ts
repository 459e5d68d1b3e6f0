// A sink: it receives the state of the roster and every change of it, in the process of the gateway. This one posts who came and
// who went to an address, in batches, and never makes the gateway wait.
//
//   const gateway = createGateway({ auth, sinks: [postingSink('https://example.org/hook')] });
import type { Change, PresenceReader, Sink } from 'rollcall/gateway';

/** Posts `{version, came: [key], left: [key]}` to an address, at most one request at a time. */
export function postingSink(url: string): Sink {
  const came = new Set<string>();
  const left = new Set<string>();
  let posting: Promise<void> = Promise.resolve();
  let unsubscribe = (): void => {};

  const note = ({ kind, key, trigger }: Change): void => {
    if (kind === 'remove' || trigger === 'disconnect') left.add(key);
    if (kind === 'upsert' && trigger === 'connect') came.add(key);
  };
  const post = async (presence: PresenceReader): Promise<void> => {
    if (came.size + left.size === 0) return;
    const body = JSON.stringify({ version: presence.version, came: [...came], left: [...left] });
    came.clear();
    left.clear();
    await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  };

  return {
    name: 'posting',
    start(presence) {
      unsubscribe = presence.subscribe((changes) => {
        for (const change of changes) note(change);
        posting = posting.then(() => post(presence)).catch(console.error);
      });
    },
    async close() {
      unsubscribe();
      await posting;
    },
  };
}
