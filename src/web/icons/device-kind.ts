import type { Instance } from '../../client/index.ts';
import { modelName } from '../format/model-name.ts';

/** What a row is drawn as. */
export type DeviceKind =
  | 'gateway'
  | 'mac'
  | 'laptop'
  | 'iphone'
  | 'ipad'
  | 'android'
  | 'linux'
  | 'windows'
  | 'browser'
  | 'unknown';

/** What tells the kind of a device, first match first; models go before families. */
const signs: readonly (readonly [sign: RegExp, kind: DeviceKind])[] = [
  [/ipad/, 'ipad'],
  [/iphone|\bios\b/, 'iphone'],
  [/macbook|laptop|notebook/, 'laptop'],
  [/android/, 'android'],
  [/browser|\bweb\b/, 'browser'],
  [/\bmac|imac|darwin/, 'mac'],
  [/windows|win32/, 'windows'],
  [/linux|ubuntu|debian|fedora|raspberry|bsd/, 'linux'],
];

/** The kind of device of a row, by model, family and platform. */
export function deviceKind(
  row: Pick<Instance, 'self' | 'mode' | 'deviceFamily' | 'modelIdentifier' | 'platform'>,
): DeviceKind {
  if (row.self || row.mode === 'gateway') return 'gateway';
  const model = row.modelIdentifier === undefined ? undefined : modelName(row.modelIdentifier);
  for (const fact of [model, row.deviceFamily, row.platform]) {
    const words = fact?.toLowerCase();
    const found = words === undefined ? undefined : signs.find(([sign]) => sign.test(words));
    if (found !== undefined) return found[1];
  }
  return row.mode === 'webchat' ? 'browser' : 'unknown';
}
