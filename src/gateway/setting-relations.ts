import { isLoopback } from '../core/index.ts';
import { flagOf, type SettingName, type Settings, variableOf } from './settings.ts';

/** The name of a setting as a problem shows it, for example with where its value was found. */
export type LabelOf = (name: SettingName) => string;

/** Returns what is wrong between settings that are each valid by themselves; `undefined` when nothing is. */
type Relation<K extends SettingName> = (settings: Pick<Settings, K>, label: LabelOf) => string | undefined;

/** PR7, PE4: a live row outlasts a lost ping, and its renewal reaches the viewers in time. */
export const rowOutlastsPings: Relation<'ttlMs' | 'pingIntervalMs' | 'renewalMs'> = (settings, label) => {
  const { ttlMs, pingIntervalMs, renewalMs } = settings;
  const least = Math.max(2 * pingIntervalMs, renewalMs + pingIntervalMs);
  if (ttlMs > least) return undefined;
  const [name, sum] =
    least === 2 * pingIntervalMs
      ? ['pingIntervalMs', 'twice pingIntervalMs']
      : ['renewalMs', 'renewalMs plus pingIntervalMs'];
  return `${label('ttlMs')} is ${ttlMs} but must be more than ${least}, ${sum}, or live clients would vanish: raise ttlMs, or lower ${name}`;
};

/** A gateway sends several heartbeats in a lease, and its rows outlast the lease. */
export const leaseOutlastsReplication: Relation<'clusterLeaseMs' | 'replicateMs' | 'ttlMs'> = (
  { clusterLeaseMs, replicateMs, ttlMs },
  label,
) => {
  if (clusterLeaseMs >= 5 * replicateMs && clusterLeaseMs < ttlMs) return undefined;
  return `${label('clusterLeaseMs')} is ${clusterLeaseMs} but must be at least five times replicateMs (${replicateMs}) and less than ttlMs (${ttlMs})`;
};

/** PA1: whoever can reach an open gateway can read and write presence. */
export const openOnlyOnLoopback: Relation<'auth' | 'bind'> = ({ auth, bind }, label) => {
  if (auth !== 'none' || bind === 'localhost' || isLoopback(bind)) return undefined;
  return `${label('auth')} is none but ${label('bind')} is ${bind}, which other computers can reach (PA1): listen on 127.0.0.1, or use a token`;
};

/** PA9: identities count only from a trusted proxy, and a gateway without credentials has no use for them. */
export const identityNeedsProxies: Relation<'identity' | 'trustedProxies' | 'auth'> = (settings, label) => {
  const { identity, trustedProxies, auth } = settings;
  if (identity === undefined) return undefined;
  if (trustedProxies.length === 0)
    return `${label('identity')} has no effect without trustedProxies: name the proxy whose headers count`;
  return auth === 'none'
    ? `${label('identity')} has no effect while ${label('auth')} is none, which lets everybody in: use a token`
    : undefined;
};

/** Problems between the settings of the command, one line each; none when all is well. */
export function relationProblems(settings: Settings, label: LabelOf): string[] {
  return [
    twoSources(settings, label, 'token'),
    twoSources(settings, label, 'password'),
    credentialProblem(settings, label),
    pairProblem(settings, label, ['tlsCert', 'tlsKey']),
    pairProblem(settings, label, ['clusterCertFile', 'clusterKeyFile']),
    openOnlyOnLoopback(settings, label),
    identityNeedsProxies(settings, label),
    rowOutlastsPings(settings, label),
    settings.cluster === undefined ? undefined : leaseOutlastsReplication(settings, label),
  ].filter((problem) => problem !== undefined);
}

/** A secret comes from one place. */
function twoSources(settings: Settings, label: LabelOf, name: 'token' | 'password'): string | undefined {
  const file = `${name}File` as const;
  if (settings[name] === undefined || settings[file] === undefined) return undefined;
  return `${label(name)} and ${label(file)} are both set: remove one of them`;
}

function credentialProblem(settings: Settings, label: LabelOf): string | undefined {
  const { auth } = settings;
  const password = givenOf(settings, ['password', 'passwordFile']);
  if (auth === 'password' && password === undefined) {
    return `${label('auth')} is password but no password is set: set ${variableOf('password')}`;
  }
  if (auth === 'token' && givenOf(settings, ['token', 'tokenFile']) === undefined && password !== undefined) {
    return `${label(password)} has no effect while auth is token: add ${flagOf('auth')} password, or remove the password`;
  }
  return undefined;
}

/** A certificate and its key go together. */
function pairProblem(
  settings: Settings,
  label: LabelOf,
  pair: readonly [SettingName, SettingName],
): string | undefined {
  const given = givenOf(settings, pair);
  const missing = pair.find((name) => settings[name] === undefined);
  if (given === undefined || missing === undefined) return undefined;
  return `${label(given)} needs ${missing}: add ${flagOf(missing)}`;
}

function givenOf<K extends SettingName>(settings: Settings, names: readonly K[]): K | undefined {
  return names.find((name) => settings[name] !== undefined);
}
