import type { ClientLogger } from './options.ts';
import type { KeyValueStore } from './store.ts';

/** The name under which a store keeps the instanceId. */
const instanceIdKey = 'instanceId';

/** The instanceId that is kept in `store`, made by `newId` the first time. A store that fails is said and not needed. */
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

/** A random UUID (version 4), also in pages that were not loaded by https, where `crypto.randomUUID` is missing. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
