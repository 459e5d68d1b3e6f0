import type { ClientLogger } from './client-state.ts';
import type { KeyValueStore } from './store.ts';

/** The name under which a store keeps the instanceId. */
const instanceIdKey = 'instanceId';

/** The instanceId that is kept in `store`, made by `newId` the first time. A store that fails is logged, and the id holds for this run only. */
export async function keptInstanceId(
  store: KeyValueStore,
  newId: () => string,
  logger?: ClientLogger,
): Promise<string> {
  try {
    const kept = (await store.get(instanceIdKey))?.trim();
    if (kept) return kept;
    const id = newId();
    await store.set(instanceIdKey, id);
    return id;
  } catch (error) {
    logger?.warn(`the instanceId cannot be kept, the next start makes another: ${String(error)}`);
    return newId();
  }
}

/** 128 random bits in hex; `crypto.randomUUID` is missing in pages that were not loaded by https. */
export function randomId(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(16)));
}

/** Bytes as lower-case hex. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
