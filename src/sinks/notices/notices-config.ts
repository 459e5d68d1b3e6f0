import { defaultRules, type NoticeRule } from './notice-rule.ts';

/** Formats of a webhook: Standard Webhooks, or that of a service (PN11). */
export const webhookTemplates = ['standard', 'ntfy', 'slack', 'discord', 'telegram'] as const;

export type WebhookTemplate = (typeof webhookTemplates)[number];

interface DeliveryCommon {
  /** Unique; shown in lists, logs and metrics. */
  readonly name: string;
  /** Names of rules, `*` is all; default all. */
  readonly rules?: readonly string[];
  /** Give up on a message after this; default `24h`. */
  readonly giveUpAfter?: string;
  /** Longest time of one attempt; default `10s`. */
  readonly timeout?: string;
}

export interface WebhookConfig extends DeliveryCommon {
  readonly type: 'webhook';
  readonly url?: string;
  /** File that holds the address, where the address is a secret. */
  readonly urlFile?: string;
  /** File with the secret of the signature, `whsec_…`; on a second line the one before it, while both are valid. */
  readonly secretFile?: string;
  /** File with a token for `Authorization: Bearer`. */
  readonly tokenFile?: string;
  /** Default `standard`. */
  readonly template?: WebhookTemplate;
  /** For `telegram`: the chat. */
  readonly chatId?: string;
}

export interface CommandConfig extends DeliveryCommon {
  readonly type: 'command';
  /** Program and arguments, without a shell. */
  readonly command: readonly string[];
}

export interface MqttConfig extends DeliveryCommon {
  readonly type: 'mqtt';
  /** `mqtt://host:1883` or `mqtts://`. */
  readonly url: string;
  readonly username?: string;
  readonly passwordFile?: string;
  /** First part of all topics; default `rollcall`. */
  readonly topic?: string;
  /** Publish instances to Home Assistant by its discovery, below this prefix; `true` is `homeassistant`. Default no. */
  readonly homeAssistant?: boolean | string;
  /** Which instances Home Assistant gets; default `mode:node`. */
  readonly who?: string;
  /** An instance that is away for this long is removed there; default `7d`. */
  readonly forgetAfter?: string;
}

export type DeliveryConfig = WebhookConfig | CommandConfig | MqttConfig;

/** The setting `notices`, and the file of `noticesFile` (PN1). */
export interface NoticesConfig {
  readonly rules: readonly NoticeRule[] | 'default';
  readonly deliveries?: readonly DeliveryConfig[];
  /** `GET` of an address every so often, so that a monitor outside notices when this gateway has stopped (PN15). */
  readonly heartbeat?: { readonly url?: string; readonly urlFile?: string; readonly every?: string };
}

/** The rules of a configuration. */
export function rulesOf({ rules }: NoticesConfig): readonly NoticeRule[] {
  return rules === 'default' ? defaultRules : rules;
}
