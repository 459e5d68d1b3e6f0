import type { CommandContext } from './command-context.ts';
import { diagnose } from './doctor/diagnosis.ts';
import { type Finding, note, type Observation, passed, type SharedInstance } from './doctor/finding.ts';
import { nodeFindings } from './doctor/node-check.ts';
import { checkReach } from './doctor/reach-check.ts';
import { type GatewayCall, openGatewayCall } from './gateway-call.ts';
import { type GatewayTarget, resolveTarget, type TargetFlags } from './gateway-target.ts';
import { readPresence } from './presence-reading.ts';
import { ok, type Result } from './result.ts';
import { allScopes, readScopes } from './scopes.ts';
import { paint, type Shell } from './shell.ts';
import { hangLine } from './wrap-line.ts';

/** Column of a terminal in which the messages of findings begin. */
const messageAt = 11;

/** Longest wait for a connection, in milliseconds. */
const patienceMs = 10_000;

/**
 * `rollcall doctor`: connects as a client step by step, then checks the roster, and prints what to change. The value is the
 * number of problems; a step that fails ends it.
 */
export async function runDoctor(context: CommandContext, flags: TargetFlags): Promise<Result<number>> {
  const { shell } = context;
  const target = resolveTarget(flags, shell);
  if (!target.ok) return target;
  const print = (findings: readonly Finding[]): void => {
    for (const finding of findings) {
      for (const line of hangLine(findingLine(finding, shell), shell.columns, messageAt)) shell.print(line);
    }
  };
  const reached = await checkReach({ target: target.value, timeoutMs: patienceMs, nowMs: shell.nowMs });
  if (!reached.ok) return reached;
  print(reached.value);
  const call = await dial(context, target.value, readScopes);
  if (!call.ok) return call;
  print([acceptedBy(target.value)]);
  try {
    const observation = await observe(context, target.value, call.value);
    if (!observation.ok) return observation;
    const findings = [...diagnose(observation.value), ...(await checkNodes(call.value, observation.value))];
    print(findings);
    const problems = findings.filter(({ level }) => level === 'problem').length;
    shell.print(summaryLine(observation.value, problems));
    return ok(problems);
  } finally {
    call.value.close();
  }
}

/** Rollcall's `node.list` is made of its presence: only OpenClaw's can differ from it (PU16). */
async function checkNodes(
  call: GatewayCall,
  { rows, gatewayNowMs, gatewayVersion, isRollcall }: Observation,
): Promise<readonly Finding[]> {
  if (isRollcall || !call.serves('node.list')) return [];
  const answer = await call.request('node.list', {});
  if (!answer.ok) return [note(`its nodes could not be compared with its list: ${answer.error.message}`)];
  return nodeFindings({ rows, nodeList: answer.value, gatewayNowMs, gatewayVersion });
}

function dial(
  { shell, version }: CommandContext,
  target: GatewayTarget,
  scopes: readonly string[],
): Promise<Result<GatewayCall>> {
  return openGatewayCall({ target, scopes, version, platform: shell.platform, nowMs: shell.nowMs });
}

function acceptedBy({ token, password }: GatewayTarget): Finding {
  if (token === undefined && password === undefined) return passed('no token is asked for');
  return passed(`the ${token === undefined ? 'password' : 'token'} is accepted`);
}

async function observe(
  context: CommandContext,
  target: GatewayTarget,
  call: GatewayCall,
): Promise<Result<Observation>> {
  const reading = await readPresence(call);
  if (!reading.ok) return reading;
  const { protocol, server } = call.hello;
  return ok({
    rows: reading.value.rows,
    gatewayNowMs: reading.value.nowMs,
    truncated: reading.value.truncated,
    challengeTimes: call.challengeTimes,
    roundTripMs: call.roundTripMs,
    protocol,
    gatewayVersion: String(server?.version ?? 'of unknown version'),
    isRollcall: call.serves('presence.list'),
    scopes: (await grantedScopes(context, target)) ?? call.hello.auth?.scopes,
    ...(await listSettings(call)),
    shared: await sharedInstances(call),
  });
}

/** The most that the credential allows: requested on a separate connection, which a gateway may refuse. */
async function grantedScopes(
  context: CommandContext,
  target: GatewayTarget,
): Promise<readonly string[] | undefined> {
  const call = await dial(context, target, allScopes);
  if (!call.ok) return undefined;
  call.value.close();
  return call.value.hello.auth?.scopes;
}

/** Only our own gateway answers with its settings; those of others are not known. */
async function listSettings(call: GatewayCall): Promise<Pick<Observation, 'hiddenModes' | 'trustedProxies'>> {
  if (!call.serves('presence.list') || !call.serves('config.get')) return {};
  const answer = await call.request('config.get');
  if (!answer.ok) return {};
  const { settings = {} } = (answer.value ?? {}) as { settings?: Readonly<Record<string, unknown>> };
  return {
    hiddenModes: wordsOf(settings['hiddenModes']),
    trustedProxies: wordsOf(settings['trustedProxies']),
  };
}

/** Only our own gateway lists one row per instance, and says where its connections come from. */
async function sharedInstances(call: GatewayCall): Promise<readonly SharedInstance[] | undefined> {
  if (!call.serves('presence.list') || !call.serves('status')) return undefined;
  const answer = await call.request('status');
  if (!answer.ok) return undefined;
  const { sharedInstances: shared } = (answer.value ?? {}) as { sharedInstances?: unknown };
  if (!Array.isArray(shared)) return undefined;
  return shared.flatMap(({ key, places }) =>
    typeof key === 'string' && Array.isArray(places) ? [{ key, places: wordsOf(places) ?? [] }] : [],
  );
}

function wordsOf(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.filter((word): word is string => typeof word === 'string') : undefined;
}

function findingLine({ level, message }: Finding, shell: Shell): string {
  switch (level) {
    case 'ok':
      return `${paint(shell, 'green', '✓ ok')}       ${message}`;
    case 'problem':
      return `${paint(shell, 'red', '✗ problem')}  ${message}`;
    case 'note':
      return `${paint(shell, 'dim', '· note')}     ${message}`;
  }
}

function summaryLine({ rows }: Observation, problems: number): string {
  const outcome = problems === 0 ? '✓ no problems' : `${problems} ${problems === 1 ? 'problem' : 'problems'}`;
  return `${outcome}, ${rows.length} ${rows.length === 1 ? 'instance' : 'instances'} listed`;
}
