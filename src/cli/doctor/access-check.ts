import { oneLine } from '../text-format.ts';
import { type Finding, note, type Observation, passed, problem } from './finding.ts';

/** The newest protocol version that this program supports (PW3). */
const newestProtocol = 4;

/** What the handshake shows: the protocol, and what the credential allows (PA2, PA4, PA5). */
export function accessFindings(observation: Observation): readonly Finding[] {
  return [protocolFinding(observation), ...scopeFindings(observation)];
}

function protocolFinding({ protocol, gatewayVersion }: Observation): Finding {
  const spoken = `protocol ${protocol}, gateway ${oneLine(gatewayVersion, 40)}`;
  if (protocol >= newestProtocol) return passed(`speaks ${spoken}`);
  return note(`speaks the older ${spoken}: update the gateway, so that clients may send their time zone`);
}

function scopeFindings({ scopes, isRollcall }: Observation): readonly Finding[] {
  if (scopes === undefined) return [note('the gateway does not say which scopes it grants')];
  const has = (...names: readonly string[]): boolean => names.some((name) => scopes.includes(name));
  const granted = scopes.length === 0 ? 'no scope' : scopes.map((scope) => oneLine(scope, 64)).join(', ');
  if (!has('operator.read', 'operator.write', 'operator.admin')) {
    return [
      problem(
        `this token grants ${granted}, not operator.read, so the roster reads as empty: use a token that grants it`,
      ),
    ];
  }
  const forBeacons = isRollcall ? ['operator.write', 'operator.admin'] : ['operator.admin'];
  if (has(...forBeacons)) return [passed(`grants ${granted}: enough for list, watch and beacon`)];
  return [
    passed(`grants ${granted}: enough for list and watch`),
    note(
      `rollcall beacon needs ${forBeacons.join(' or ')}, which this token does not grant: use another one for it`,
    ),
  ];
}
