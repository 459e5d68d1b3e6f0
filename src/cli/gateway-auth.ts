import type { AuthOptions, Settings } from '../gateway/index.ts';
import { obtainGatewayToken, type StoredToken } from './gateway-token.ts';
import { ok, type Result } from './result.ts';
import { readSecret } from './secret-file.ts';

/** How clients authenticate, and the token stored in the state folder when the settings name none. */
export interface ChosenAuth {
  readonly auth: AuthOptions;
  readonly kept?: StoredToken;
}

/**
 * Authentication as the gateway expects it; without a token one is generated and stored (PA1).
 *
 * A secret file is read here, once.
 */
export function chooseAuth(settings: Settings, stateFolder: string | undefined): Result<ChosenAuth> {
  if (settings.auth === 'none') return ok({ auth: { mode: 'none' } });
  if (settings.auth === 'password') {
    const password = secretOf(settings.password, settings.passwordFile);
    return password.ok ? ok({ auth: { mode: 'password', password: password.value ?? '' } }) : password;
  }
  const token = secretOf(settings.token, settings.tokenFile);
  if (!token.ok) return token;
  if (token.value !== undefined) return ok({ auth: { mode: 'token', token: token.value } });
  const kept = obtainGatewayToken(stateFolder);
  if (!kept.ok) return kept;
  return ok({ auth: { mode: 'token', token: kept.value.token }, kept: kept.value });
}

function secretOf(given: string | undefined, file: string | undefined): Result<string | undefined> {
  return file === undefined ? ok(given) : readSecret(file);
}
