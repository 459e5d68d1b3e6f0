import { isAddress } from '../core/index.ts';
import { list, type SettingKind, text, wholeNumber } from './setting-kind.ts';

/** One field of a beacon: how it is typed and what the wire calls it. */
export interface BeaconField {
  /** Name of the flag without dashes in front: `instance-id`. */
  readonly flag: string;
  /** Parameter of `system-event`. */
  readonly parameter: string;
  readonly kind: SettingKind<string> | SettingKind<number> | SettingKind<readonly string[]>;
  readonly help: string;
}

const line = (placeholder: string): SettingKind<string> =>
  text({ what: 'a text that is not blank', placeholder });
const words = (placeholder: string): SettingKind<readonly string[]> =>
  list({ what: 'a list of words', placeholder });

/** What a beacon can say, in the order of the help (PF). */
export const beaconFields: readonly BeaconField[] = [
  { flag: 'text', parameter: 'text', kind: line('line'), help: 'summary line; composed when left out' },
  {
    flag: 'instance-id',
    parameter: 'instanceId',
    kind: line('id'),
    help: 'which row: stable across restarts of the program',
  },
  {
    flag: 'device-id',
    parameter: 'deviceId',
    kind: line('id'),
    help: 'which device: SHA-256 of its public key, in hex',
  },
  { flag: 'host', parameter: 'host', kind: line('name'), help: 'name for people' },
  { flag: 'ip', parameter: 'ip', kind: line('address'), help: 'IPv4 or IPv6 address' },
  {
    flag: 'mode',
    parameter: 'mode',
    kind: line('word'),
    help: 'ui, webchat, node, backend, test or any other word',
  },
  {
    flag: 'app-version',
    parameter: 'version',
    kind: line('version'),
    help: 'version of the program described',
  },
  { flag: 'platform', parameter: 'platform', kind: line('os'), help: 'operating system and release' },
  {
    flag: 'device-family',
    parameter: 'deviceFamily',
    kind: line('name'),
    help: 'for example Mac, iPhone, Linux',
  },
  { flag: 'model-identifier', parameter: 'modelIdentifier', kind: line('name'), help: 'for example Mac16,6' },
  {
    flag: 'last-input-seconds',
    parameter: 'lastInputSeconds',
    kind: wholeNumber({ min: 0, max: 2_147_483_647, unit: 'seconds' }),
    help: 'seconds since the person last touched the machine',
  },
  {
    flag: 'reason',
    parameter: 'reason',
    kind: line('word'),
    help: 'why now: launch, periodic or any other word',
  },
  { flag: 'roles', parameter: 'roles', kind: words('list'), help: 'roles, comma separated' },
  { flag: 'scopes', parameter: 'scopes', kind: words('list'), help: 'scopes, comma separated' },
  { flag: 'tags', parameter: 'tags', kind: words('list'), help: 'tags, comma separated' },
];

/** True for a text that is an address; checked here because a gateway that ignores a wrong one says nothing. */
export function isBeaconAddress(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && isAddress(value));
}
