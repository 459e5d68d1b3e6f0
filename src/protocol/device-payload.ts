/** Everything that a device signature can cover. */
export interface SignedFields {
  readonly deviceId: string;
  readonly clientId: string;
  readonly clientMode: string;
  readonly role: string;
  /** In the order sent. */
  readonly scopes: readonly string[];
  readonly signedAtMs: number;
  /** The token, else the device token, else the bootstrap token, else empty. */
  readonly token: string;
  readonly nonce: string;
  readonly platform: string;
  readonly deviceFamily: string;
}

/** Forms of the signed text, oldest first; only v2 and v3 are accepted (PA3). */
export type DevicePayloadVersion = 'v1' | 'v2' | 'v3';

/**
 * The text that a device signs, fields joined by `|`.
 *
 * v2 adds the nonce of the challenge to v1, v3 adds platform and device family, trimmed and in ASCII lower case.
 */
export function devicePayload(version: DevicePayloadVersion, fields: SignedFields): string {
  const { deviceId, clientId, clientMode, role, scopes, signedAtMs, token, nonce } = fields;
  const base = [version, deviceId, clientId, clientMode, role, scopes.join(','), signedAtMs, token];
  if (version === 'v1') return base.join('|');
  if (version === 'v2') return [...base, nonce].join('|');
  return [...base, nonce, plain(fields.platform), plain(fields.deviceFamily)].join('|');
}

/** Only ASCII letters change, so that every language's lower-casing gives the same bytes. */
function plain(word: string): string {
  return word.trim().replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
