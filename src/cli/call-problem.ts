import { readUpgradeAnswer, upgradeAdvice } from '../client/upgrade-answer.ts';
import { didYouMean, isLoopback } from '../core/index.ts';
import type { GatewayTarget } from './gateway-target.ts';
import { oneLine } from './text-format.ts';

/** Why a call could not be made or was refused. */
export type CallProblem =
  | { readonly kind: 'transport'; readonly error: Error }
  | { readonly kind: 'closed'; readonly code: number; readonly reason: string }
  | { readonly kind: 'handshake'; readonly error: Error }
  | {
      readonly kind: 'answer';
      readonly method: string;
      readonly error: Error;
      readonly served?: readonly string[];
    };

/** The part of a gateway's error that matters here; anything may be missing. */
interface GatewayError {
  readonly message: string;
  readonly code?: string;
  readonly details?: {
    readonly code?: unknown;
    readonly missingScope?: unknown;
    readonly minimumProbeProtocol?: unknown;
    readonly expectedProtocol?: unknown;
  };
}

/** One line: what happened, then what to do. Never contains a credential. */
export function explainProblem(problem: CallProblem, target: GatewayTarget): string {
  switch (problem.kind) {
    case 'transport':
      return explainTransport(problem.error, target.url);
    case 'closed':
      return `the gateway at ${target.url} closed the connection (${problem.code}${problem.reason === '' ? '' : ` ${oneLine(problem.reason)}`}): is it an OpenClaw or Rollcall gateway? Its log says more`;
    case 'handshake':
      return explainHandshake(problem.error, target);
    case 'answer':
      return explainAnswer(problem.method, problem.error, problem.served ?? []);
  }
}

const notTrusted: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_GET_ISSUER_CERT',
]);

function explainTransport(error: Error, url: string): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const message = oneLine(error.message);
  if (code === 'ECONNREFUSED') {
    return `nothing listens at ${url}: start a gateway (rollcall gateway), or name another one with --url or ROLLCALL_URL`;
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return `the host of ${url} is not known: check the spelling in --url or ROLLCALL_URL`;
  }
  if (notTrusted.has(code)) {
    return `the TLS certificate of ${url} is not trusted: point NODE_EXTRA_CA_CERTS at the file of its authority`;
  }
  if (code.startsWith('ERR_TLS_CERT') || code.startsWith('CERT_')) {
    return `the TLS certificate of ${url} is not valid (${message}): use the name it was made for, or renew it`;
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL')) {
    return explainNoTls(url);
  }
  return explainUpgrade(message, url);
}

/** Never advises to send a secret over a network without TLS. */
function explainNoTls(url: string): string {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  if (host === 'localhost' || isLoopback(host))
    return `${url} does not speak TLS: use ws:// instead of wss://`;
  return `${url} does not speak TLS: check the port, or give that gateway a certificate (rollcall gateway --tls-cert FILE --tls-key FILE)`;
}

function explainUpgrade(message: string, url: string): string {
  const answer = readUpgradeAnswer(message, url);
  const status = answer?.status;
  if (status === '503')
    return `the gateway at ${url} has no room for another connection (HTTP 503): try again in a moment`;
  if (status === '429')
    return `the gateway at ${url} shut this address out for a while (HTTP 429): check the token, wait five minutes`;
  if (answer !== undefined)
    return `${url} answers HTTP ${status}, not WebSocket: ${oneLine(upgradeAdvice(answer, url))}`;
  if (/timed? ?out|timeout/i.test(message)) {
    return `${url} does not answer (${message}): check the address, the firewall, and that it is a gateway`;
  }
  if (/socket hang up|ECONNRESET|Parse Error/.test(message)) {
    return `${url} does not speak WebSocket (${message}): if the gateway uses TLS write wss://, else check the port`;
  }
  return `cannot reach ${url}: ${message}`;
}

const howToGiveToken =
  'The gateway prints the path of its token file when it starts; set ROLLCALL_TOKEN to that token';

function explainHandshake(error: GatewayError, target: GatewayTarget): string {
  const code = String(error.details?.code ?? error.code ?? '');
  const given = target.token !== undefined || target.password !== undefined;
  switch (code) {
    case 'AUTH_TOKEN_MISMATCH':
      return `wrong token for ${target.url}. ${howToGiveToken}`;
    case 'AUTH_TOKEN_MISSING':
      return `${target.url} needs a token. ${howToGiveToken}`;
    case 'AUTH_PASSWORD_MISMATCH':
    case 'AUTH_PASSWORD_MISSING':
      return code === 'AUTH_PASSWORD_MISSING'
        ? `${target.url} needs a password. Set ROLLCALL_PASSWORD to the one that the gateway was started with`
        : `wrong password for ${target.url}. Set ROLLCALL_PASSWORD to the one that the gateway was started with`;
    case 'AUTH_RATE_LIMITED':
      return `${target.url} saw too many failed logins from this address: wait five minutes, then try with the right token`;
    case 'PROTOCOL_MISMATCH':
      return `${target.url} speaks another protocol (${String(error.details?.expectedProtocol ?? 'unknown')}) than this program (3 to 4): update the older of the two`;
    case 'PAIRING_REQUIRED':
    case 'DEVICE_IDENTITY_REQUIRED':
      return given
        ? `${target.url} requires a paired device for this, and a command is none: run it on the gateway's own computer (${oneLine(error.message)})`
        : `${target.url} needs a token. ${howToGiveToken}`;
    case 'CLIENT_TIMEOUT':
      return `${target.url} did not finish the handshake in time: is it a gateway, and is it overloaded?`;
    default:
      return `${target.url} refused the connection: ${oneLine(error.message)}`;
  }
}

function explainAnswer(method: string, error: GatewayError, served: readonly string[]): string {
  const message = oneLine(error.message);
  const missing = missingScope(error);
  if (missing !== undefined) {
    return `${method} needs the scope ${missing}, which this token does not grant: use a token that has it`;
  }
  if (/unknown method/i.test(message)) {
    const hint = didYouMean(method, served);
    if (hint !== '') return `unknown method "${oneLine(method)}"${oneLine(hint)}`;
    const list =
      served.length === 0
        ? 'Check the spelling'
        : `Available: ${served.map((name) => oneLine(name)).join(', ')}`;
    return `unknown method "${oneLine(method)}". ${list}`;
  }
  if (error.code === 'CLIENT_TIMEOUT')
    return `${method} was not answered in time: the gateway may be overloaded, try again`;
  if (error.code === undefined)
    return `the connection was lost before ${method} was answered (${message}): try again`;
  return `${method} was refused: ${message} (${oneLine(error.code)})`;
}

function missingScope(error: GatewayError): string | undefined {
  const named = error.details?.missingScope;
  if (typeof named === 'string') return oneLine(named);
  return /missing scope: (\S+)/.exec(error.message)?.[1];
}
