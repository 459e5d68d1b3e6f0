import type { RefusalKind } from '../i18n/later-messages.ts';

/** What a refusal of the gateway is about, by its code. */
export function refusalKind(code: string): RefusalKind {
  if (/^AUTH_(TOKEN|PASSWORD)/.test(code)) return 'secret';
  if (/^CONTROL_UI_ORIGIN|^HTTP_403/.test(code)) return 'origin';
  if (code === 'PROTOCOL_MISMATCH') return 'protocol';
  return /^DEVICE_|^PAIRING/.test(code) ? 'device' : 'other';
}
