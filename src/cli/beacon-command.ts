import { composeNodeText } from '../core/index.ts';
import { beaconFields, isBeaconAddress } from './beacon-fields.ts';
import { type CommandContext, withGateway } from './command-context.ts';
import type { TargetFlags } from './gateway-target.ts';
import { misused, ok, type Result } from './result.ts';
import { beaconScopes } from './scopes.ts';
import type { Shell } from './shell.ts';

/** Values of {@link beaconFields} as typed, by parameter name. */
export type BeaconFlags = Readonly<Record<string, string | undefined>>;

/** `rollcall beacon`: describes one instance, once, by `system-event`. */
export async function runBeacon(
  context: CommandContext,
  target: TargetFlags,
  flags: BeaconFlags,
): Promise<Result<void>> {
  const beacon = composeBeacon(flags, context.shell);
  if (!beacon.ok) return beacon;
  return withGateway({
    context,
    flags: target,
    scopes: beaconScopes,
    work: async (call) => {
      const answer = await call.request('system-event', beacon.value);
      if (!answer.ok) return answer;
      context.shell.print(`sent: ${beacon.value['text']}`);
      return ok(undefined);
    },
  });
}

/**
 * The parameters of `system-event`.
 *
 * Without a flag that names an instance, the beacon describes this computer: host, platform and mode `node` are filled in. The text, which
 * the gateways require, is composed when it is left out.
 */
export function composeBeacon(
  flags: BeaconFlags,
  shell: Pick<Shell, 'hostName' | 'platform'>,
): Result<Readonly<Record<string, unknown>>> {
  const problems: string[] = [];
  const parameters: Record<string, unknown> = {};
  for (const { flag, parameter, kind } of beaconFields) {
    const typed = flags[parameter];
    if (typed === undefined) continue;
    parameters[parameter] = kind.fromText(typed);
    if (!kind.accepts(parameters[parameter]))
      problems.push(`--${flag} must be ${kind.expected}, but is ${JSON.stringify(typed)}`);
  }
  if (!isBeaconAddress(parameters['ip']))
    problems.push(`--ip must be an IPv4 or IPv6 address, but is ${JSON.stringify(parameters['ip'])}`);
  if (problems.length > 0) return misused(problems.join('\n'));
  const facts = namesNobody(parameters) ? { ...thisComputer(shell), ...parameters } : parameters;
  return ok({ ...facts, text: facts['text'] ?? composedText(facts) });
}

function namesNobody(parameters: Readonly<Record<string, unknown>>): boolean {
  return ['instanceId', 'deviceId', 'host', 'ip', 'text'].every(
    (parameter) => parameters[parameter] === undefined,
  );
}

function thisComputer(shell: Pick<Shell, 'hostName' | 'platform'>): Record<string, unknown> {
  return { host: shell.hostName, platform: shell.platform, mode: 'node', reason: 'beacon' };
}

/** Gateways read a `Node:` line back as facts, so without a host the line is one that contains none. */
function composedText(facts: Readonly<Record<string, unknown>>): string {
  const node = facts['host'] === undefined ? undefined : composeNodeText(facts);
  return node ?? `Beacon: ${String(facts['instanceId'] ?? facts['deviceId'] ?? facts['ip'])}`;
}
