import { type FactName, FIELD_BOUNDS, type Field, factNames, fields, isAddress } from '../core/index.ts';
import { list, type SettingKind, text, wholeNumber } from './setting-kind.ts';

/** One field of a beacon: its flag and its parameter. */
export interface BeaconField {
  /** Name of the flag without dashes in front: `instance-id`. */
  readonly flag: string;
  /** Parameter of `system-event`. */
  readonly parameter: FactName;
  readonly kind: SettingKind<string> | SettingKind<number> | SettingKind<readonly string[]>;
  readonly help: string;
}

/** The fields of a beacon, in the order of the table of facts (PF5). */
export const beaconFields: readonly BeaconField[] = factNames
  .filter((name) => fields[name].from.includes('beacon'))
  .map((name) => ({
    flag: fields[name].flag ?? kebabCase(name),
    parameter: name,
    kind: kindOf(fields[name]),
    help:
      fields[name].type === 'strings'
        ? `${fields[name].description}, comma separated`
        : fields[name].description,
  }));

function kindOf({ type, placeholder = 'value' }: Field): BeaconField['kind'] {
  if (type === 'strings') return list({ what: 'a list of words', placeholder: 'list' });
  if (type === 'integer') return wholeNumber({ min: 0, max: FIELD_BOUNDS.maxInteger, unit: placeholder });
  return text({ what: 'a text that is not blank', placeholder });
}

/** `lastInputSeconds` is typed as `last-input-seconds`. */
function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** True for a text that is an address; checked here because gateways ignore a wrong one without an error. */
export function isBeaconAddress(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && isAddress(value));
}
