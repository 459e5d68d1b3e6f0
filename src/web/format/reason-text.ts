import type { Messages, ReasonWord } from '../i18n/messages.ts';

/** A reason in the words of the page; free words of beacons as they are. */
export function reasonText(reason: string, { reasons }: Pick<Messages, 'reasons'>): string {
  return Object.hasOwn(reasons, reason) ? reasons[reason as ReasonWord] : reason;
}
