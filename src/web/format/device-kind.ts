import type { Instance } from '../../client/index.ts';
import { modelName } from './model-names.ts';

/** The icon of a row. */
export type DeviceKind =
  | 'gateway'
  | 'server'
  | 'mac'
  | 'laptop'
  | 'iphone'
  | 'ipad'
  | 'android'
  | 'windows'
  | 'browser'
  | 'camera'
  | 'bot'
  | 'board'
  | 'program';

/** Patterns of each kind of device; the first match counts; models precede families. */
const signs: readonly (readonly [sign: RegExp, kind: DeviceKind])[] = [
  [/ipad/, 'ipad'],
  [/iphone|\bios\b/, 'iphone'],
  [/macbook|laptop|notebook/, 'laptop'],
  [/android/, 'android'],
  [/browser|\bweb\b/, 'browser'],
  [/camera|\bcam\b/, 'camera'],
  [/raspberry|arduino|esp32/, 'board'],
  [/\bmac|imac|darwin/, 'mac'],
  [/windows|win32/, 'windows'],
  [/linux|ubuntu|debian|fedora|bsd|server/, 'server'],
];

/** The kind of device of a row, by model, tags, family and platform; a program where nothing matches. */
export function deviceKind(
  row: Pick<Instance, 'self' | 'mode' | 'deviceFamily' | 'modelIdentifier' | 'platform' | 'tags'>,
): DeviceKind {
  if (row.self || row.mode === 'gateway') return 'gateway';
  if (row.mode === 'viewer') return 'browser';
  const model = row.modelIdentifier === undefined ? undefined : modelName(row.modelIdentifier);
  for (const fact of [model, row.tags?.join(' '), row.deviceFamily, row.platform]) {
    const words = fact?.toLowerCase();
    const found = words === undefined ? undefined : signs.find(([sign]) => sign.test(words));
    if (found !== undefined) return found[1];
  }
  if (row.mode === 'webchat') return 'browser';
  if (row.mode === 'node') return 'server';
  return row.mode === 'backend' || row.tags?.includes('bot') ? 'bot' : 'program';
}
