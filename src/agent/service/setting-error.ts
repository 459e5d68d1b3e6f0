/** A setting that a service cannot be given; the message names it and, for a secret, never its value. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
}
