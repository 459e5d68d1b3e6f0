import type { AuthOptions } from '../gateway/index.ts';
import { type KeptToken, obtainGatewayToken } from './gateway-token.ts';
import { type Result, success } from './result.ts';
import type { Settings } from './settings.ts';

/** How clients prove themselves, and the token kept in the state folder when the settings name none. */
export interface ChosenAuth {
  readonly auth: AuthOptions;
  readonly kept?: KeptToken;
}

/** Settings as the gateway takes them; without a token one is generated and kept (PA1). */
export function chooseAuth(settings: Settings, stateFolder: string): Result<ChosenAuth> {
  if (settings.auth === 'none') return success({ auth: { mode: 'none' } });
  if (settings.auth === 'password') {
    return success({ auth: { mode: 'password', password: settings.password ?? '' } });
  }
  if (settings.token !== undefined) return success({ auth: { mode: 'token', token: settings.token } });
  const kept = obtainGatewayToken(stateFolder);
  if (!kept.ok) return kept;
  return success({ auth: { mode: 'token', token: kept.value.token }, kept: kept.value });
}
