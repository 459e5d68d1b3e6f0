import { Webhook } from 'standardwebhooks';
import { readTextFile } from '../../host/index.ts';
import type { DeliveryFailure, QueuedMessage, Send } from './delivery.ts';
import { type NoticeMessage, noticeText } from './notice.ts';
import type { WebhookConfig, WebhookTemplate } from './notices-config.ts';

/** Sends messages by HTTP, signed by the Standard Webhooks specification where there is a secret (PN11). */
export function webhookSend(config: WebhookConfig, nowMs: () => number): Send {
  return async (queued, signal) => {
    const request = readRequest(config, queued, nowMs());
    if ('problem' in request) return request;
    const { url, ...init } = request;
    try {
      const response = await fetch(url, { ...init, method: 'POST', redirect: 'manual', signal });
      await response.body?.cancel();
      return failureOf(response);
    } catch (error) {
      return { problem: signal.aborted ? 'no answer in time' : networkProblem(error), retry: true };
    }
  };
}

interface WebhookRequest {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Files are read at every attempt: a secret that was replaced is in force at once. */
function readRequest(
  config: WebhookConfig,
  queued: QueuedMessage,
  nowMs: number,
): WebhookRequest | DeliveryFailure {
  const { urlFile, secretFile, tokenFile, template = 'standard', chatId } = config;
  try {
    const url = config.url ?? readLines(urlFile ?? '')[0] ?? '';
    const token = tokenFile === undefined ? undefined : readLines(tokenFile)[0];
    const { body, headers } = templates[template](queued.message, chatId ?? '');
    const signed = secretFile === undefined ? {} : signature(readLines(secretFile), queued.id, nowMs, body);
    return {
      url,
      body,
      headers: { ...headers, ...signed, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    };
  } catch (error) {
    const { code, path, message } = error as NodeJS.ErrnoException;
    return {
      problem: code === undefined ? message : `${path ?? 'a file'} cannot be read (${code})`,
      retry: true,
    };
  }
}

/** The three headers of the specification; with two secrets, two signatures, so that receivers can change theirs at any time in between. */
function signature(
  secrets: readonly string[],
  id: string,
  nowMs: number,
  body: string,
): Readonly<Record<string, string>> {
  if (secrets.length === 0) throw new Error('the secret file is empty');
  const at = new Date(Math.floor(nowMs / 1_000) * 1_000);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(nowMs / 1_000)),
    'webhook-signature': secrets
      .slice(0, 2)
      .map((secret) => webhookOf(secret).sign(id, at, body))
      .join(' '),
  };
}

function webhookOf(secret: string): Webhook {
  try {
    return new Webhook(secret);
  } catch {
    throw new Error('the secret must be base64, as in whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
  }
}

function readLines(file: string): readonly string[] {
  return readTextFile(file)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** What an answer means: only 2xx is success; redirects are not followed. */
function failureOf({ status, headers }: Response): DeliveryFailure | undefined {
  if (status >= 200 && status < 300) return undefined;
  if (status >= 300 && status < 400)
    return { problem: `HTTP ${status}: redirects are not followed`, retry: true };
  if (status === 410) return { problem: 'HTTP 410: the receiver is gone', retry: false };
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return {
    problem: `HTTP ${status}`,
    retry: true,
    ...(Number.isFinite(seconds) && { waitMs: Math.max(0, seconds * 1_000) }),
  };
}

function networkProblem(error: unknown): string {
  const { cause, message } = error as Error & { cause?: NodeJS.ErrnoException };
  return cause?.code ?? cause?.message ?? message;
}

interface Body {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const priorities = { info: '3', warning: '4', critical: '5' } as const;
const colours = { info: 0x3b_82_f6, warning: 0xf5_9e_0b, critical: 0xdc_26_26 } as const;
const resolvedColour = 0x16_a3_4a;

/** The bodies of the supported services. */
const templates: Readonly<Record<WebhookTemplate, (message: NoticeMessage, chatId: string) => Body>> = {
  standard: (message) => json(message),
  ntfy: ({ data, ...message }) => ({
    body: noticeText({ ...message, data }),
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      title: `Rollcall: ${data.rule}`,
      priority: data.state === 'resolved' ? '2' : priorities[data.severity],
      tags: data.state === 'resolved' ? 'white_check_mark' : 'warning',
    },
  }),
  slack: (message) => json({ text: `${mark(message)} ${escapeSlack(noticeText(message))}` }),
  discord: (message) =>
    json({
      allowed_mentions: { parse: [] },
      embeds: [
        {
          title: noticeText(message).slice(0, 256),
          description: `${message.data.rule}, ${message.data.state}`,
          color: message.data.state === 'resolved' ? resolvedColour : colours[message.data.severity],
          timestamp: message.timestamp,
        },
      ],
    }),
  telegram: (message, chatId) =>
    json({
      chat_id: chatId,
      text: `${mark(message)} ${noticeText(message)}`.slice(0, 4_096),
      disable_notification: message.data.state === 'resolved',
    }),
};

/** Escapes texts of clients, so that they are shown and not interpreted as markup. */
function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function mark({ data }: NoticeMessage): string {
  return data.state === 'resolved' ? '✅' : data.severity === 'critical' ? '🔴' : '🟠';
}

function json(value: unknown): Body {
  return { body: JSON.stringify(value), headers: { 'content-type': 'application/json' } };
}
