/** A device's Ed25519 identity, able to sign a handshake. The private key never leaves it. */
export interface DeviceIdentity {
  /** Lower-case hex SHA-256 of the raw public key. */
  readonly deviceId: string;
  /** Raw public key, base64url without padding. */
  readonly publicKey: string;
  /** Signs UTF-8 text; answers base64url without padding. */
  sign(text: string): string | Promise<string>;
}
