import type { Facts } from '../core/index.ts';
import type { Connect } from './connect.ts';

/**
 * What a handshake says about an instance (PF).
 *
 * The host is the display name, else the client id. The device id is the verified one or none (PA3). Roles, scopes and
 * reason are not here: they are what was granted, and the roster knows it.
 */
export function factsOfConnect(connect: Connect, verifiedDeviceId?: string): Facts {
  const { id, displayName, ...words } = connect.client;
  return {
    host: displayName ?? id,
    ...words,
    ...(verifiedDeviceId === undefined ? {} : { deviceId: verifiedDeviceId }),
  };
}
