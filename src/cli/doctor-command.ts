import { type CommandContext, withGateway } from './command-context.ts';
import { diagnose, type Finding, type Observation } from './diagnosis.ts';
import type { GatewayCall } from './gateway-call.ts';
import type { TargetFlags } from './gateway-target.ts';
import { oneLine } from './one-line.ts';
import { readPresence } from './presence-reading.ts';
import { type Result, success } from './result.ts';
import { readScopes } from './scopes.ts';
import { paint, type Shell } from './shell.ts';

/** `rollcall doctor`: looks at the roster and says what to change. The value is the number of problems. */
export function runDoctor(context: CommandContext, flags: TargetFlags): Promise<Result<number>> {
  return withGateway({
    context,
    flags,
    scopes: readScopes,
    work: async (call) => {
      const observation = await observe(call);
      if (!observation.ok) return observation;
      const findings = diagnose(observation.value);
      for (const finding of findings) context.shell.print(findingLine(finding, context.shell));
      context.shell.print(summaryLine(call, observation.value, findings));
      return success(findings.filter(({ level }) => level === 'problem').length);
    },
  });
}

async function observe(call: GatewayCall): Promise<Result<Observation>> {
  const reading = await readPresence(call);
  if (!reading.ok) return reading;
  return success({
    rows: reading.value.rows,
    gatewayNowMs: reading.value.nowMs,
    truncated: reading.value.truncated,
    greeting: call.greeting,
    roundTripMs: call.roundTripMs,
    scopes: call.hello.auth?.scopes,
    hiddenModes: await hiddenModes(call),
  });
}

/** Only our own gateway says which modes it hides; of others it is not known. */
async function hiddenModes(call: GatewayCall): Promise<readonly string[] | undefined> {
  if (!call.serves('presence.list') || !call.serves('config.get')) return undefined;
  const answer = await call.request('config.get');
  if (!answer.ok) return undefined;
  const { settings } = (answer.value ?? {}) as { settings?: { hiddenModes?: unknown } };
  const modes = settings?.hiddenModes;
  return Array.isArray(modes) ? modes.filter((mode): mode is string => typeof mode === 'string') : undefined;
}

function findingLine({ level, message }: Finding, shell: Shell): string {
  return level === 'problem'
    ? `${paint(shell, 'red', '✗ problem')}  ${message}`
    : `${paint(shell, 'dim', '· note')}     ${message}`;
}

function summaryLine(call: GatewayCall, { rows }: Observation, findings: readonly Finding[]): string {
  const problems = findings.filter(({ level }) => level === 'problem').length;
  const gateway = `gateway ${oneLine(String(call.hello.server?.version ?? 'of unknown version'), 40)}, protocol ${call.hello.protocol}`;
  const verdict = problems === 0 ? '✓ no problems' : `${problems} ${problems === 1 ? 'problem' : 'problems'}`;
  return `${verdict}: ${rows.length} ${rows.length === 1 ? 'instance' : 'instances'}, ${gateway}`;
}
