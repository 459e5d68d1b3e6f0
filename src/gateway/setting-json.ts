import { Type } from 'typebox';
import { optional } from '../protocol/index.ts';
import { NoticesConfigSchema, noticesProblem } from '../sinks/index.ts';
import { maxUpstreams, upstreamsProblem } from '../sources/upstreams/upstream-config.ts';
import { IdentitySchema, identityProblem } from './access/identity-config.ts';
import { maxTokens, NamedTokenSchema, newTokensProblem } from './access/named-token.ts';
import type { JsonSettings } from './settings.ts';

/** A setting that is an object or a list of objects. */
export interface JsonSetting {
  /** JSON Schema of the value. */
  readonly schema: object;
  /** Completes "must be …", with an example. */
  readonly expected: string;
  /** What is wrong with a value, with the place in it; `undefined` when nothing is. Never repeats a value. */
  problem(value: unknown): string | undefined;
}

const file = optional(Type.String({ minLength: 1 }));

const upstreamSchema = Type.Object(
  {
    name: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$' }),
    url: Type.String({ pattern: '^wss?://[^\\s?#@]+$' }),
    ...{ tokenFile: file, passwordFile: file, device: file, openclaw: file, ca: file },
  },
  { additionalProperties: false },
);

/** The schemas of such settings, by the `of` of their entry in the table. */
export const JSON_SETTINGS: { readonly [K in keyof JsonSettings]: JsonSetting } = {
  identity: {
    schema: IdentitySchema,
    expected:
      'a header or JWT and grants in JSON, for example {"header": "Tailscale-User-Login", "grants": [{"users": ["*@example.org"], "scopes": ["operator.read"]}]}',
    problem: identityProblem,
  },
  namedTokens: {
    schema: Type.Array(NamedTokenSchema, { maxItems: maxTokens }),
    expected:
      'a list of tokens in JSON, for example [{"name": "wall", "tokenFile": "/run/wall-token", "roles": ["operator"], "scopes": ["operator.read"]}]',
    problem: newTokensProblem,
  },
  upstreams: {
    schema: Type.Array(upstreamSchema, { maxItems: maxUpstreams }),
    expected:
      'a list of gateways in JSON, for example [{"name": "home", "url": "ws://127.0.0.1:18789", "tokenFile": "/run/home-token"}]',
    problem: upstreamsProblem,
  },
  notices: {
    schema: NoticesConfigSchema,
    expected:
      'rules and deliveries in JSON, for example {"rules": "default", "deliveries": [{"name": "phone", "type": "webhook", "template": "ntfy", "url": "https://ntfy.sh/my-topic"}]}',
    problem(value) {
      const problem = noticesProblem(value);
      return problem && `${problem.path} ${problem.what}`;
    },
  },
};
