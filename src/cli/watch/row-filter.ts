import type { Instance } from '../../client/index.ts';
import { statusText } from '../row-text.ts';

/**
 * The rows in which every word of `filter` occurs, in any letter case, in some fact that a person may look for: status, host,
 * mode, addresses, version, platform, model, reason, roles, tags, text and ids. An empty filter keeps all rows.
 */
export function filterInstances(
  instances: readonly Instance[],
  filter: string,
  nowMs: number,
): readonly Instance[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return instances;
  return instances.filter((instance) => {
    const text = searchText(instance, nowMs);
    return words.every((word) => text.includes(word));
  });
}

function searchText(instance: Instance, nowMs: number): string {
  const { host, mode, ip, version, platform, deviceFamily, modelIdentifier, timeZone, reason } = instance;
  const { roles = [], tags = [], text, deviceId, instanceId, observedIp, reportedIp } = instance;
  const facts = [host, mode, ip, version, platform, deviceFamily, modelIdentifier, timeZone, reason, text];
  const more = [...roles, ...tags, deviceId, instanceId, observedIp, reportedIp];
  return [statusText(instance, nowMs), ...facts, ...more].join('\n').toLowerCase();
}
