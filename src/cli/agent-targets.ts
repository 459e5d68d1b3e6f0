import type { AgentTarget } from '../agent/index.ts';
import type { AgentFlags } from './agent-flags.ts';
import { resolveTarget } from './gateway-target.ts';
import { misused, ok, type Result } from './result.ts';
import { readSecret } from './secret-file.ts';
import type { Shell } from './shell.ts';

/**
 * The gateways that an agent reports to: each `--url`, else the one of the environment.
 *
 * An address may be followed by the file of its secret: `--url ws://10.0.0.2:18789,tokenFile=/run/token`. `--token`, `--password`
 * and the variables are for the first address: a secret of one gateway is not sent to another. A gateway that granted a
 * token to this device needs no secret any more.
 */
export function agentTargets(
  flags: AgentFlags,
  shell: Pick<Shell, 'env' | 'homeFolder'>,
): Result<readonly AgentTarget[]> {
  const urls = flags.urls ?? [];
  if (urls.length === 0) {
    const target = resolveTarget(flags, shell);
    return target.ok ? ok([target.value]) : target;
  }
  const targets: AgentTarget[] = [];
  for (const [index, text] of urls.entries()) {
    const read = readTarget(text, index === 0 ? flags : {}, index === 0 ? shell.env : {}, shell.homeFolder);
    if (!read.ok) return read;
    if (targets.some(({ url }) => url === read.value.url))
      return misused(`--url ${read.value.url} is given twice`);
    targets.push(read.value);
  }
  return ok(targets);
}

function readTarget(
  text: string,
  typed: AgentFlags,
  env: Shell['env'],
  homeFolder: Shell['homeFolder'],
): Result<AgentTarget> {
  const [url = '', ...fields] = text.split(/,(?=tokenFile=|passwordFile=)/);
  const target = resolveTarget({ ...typed, url }, { env, homeFolder });
  if (!target.ok || fields.length === 0) return target;
  if (fields.length > 1) return misused(`--url ${url}: give one of tokenFile and passwordFile`);
  const [field = ''] = fields;
  const secret = readSecret(field.slice(field.indexOf('=') + 1));
  if (!secret.ok) return secret;
  const kind = field.startsWith('tokenFile') ? 'token' : 'password';
  return ok({ url: target.value.url, [kind]: secret.value });
}
