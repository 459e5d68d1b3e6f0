import { nkeys } from '@nats-io/transport-node';

type KeyPair = ReturnType<typeof nkeys.createUser>;

/** An operator of NATS with one account that has JetStream in memory, and a user of it. */
export interface NatsOperator {
  /** The part of a configuration that names the operator and resolves its accounts in memory. */
  readonly configuration: string;
  /** What is in the `.creds` file of the user. */
  readonly credentials: string;
}

/** Makes keys and JWTs of an operator, its system account, an account and a user. */
export function natsOperator(): NatsOperator {
  const operator = nkeys.createOperator();
  const system = nkeys.createAccount();
  const account = nkeys.createAccount();
  const user = nkeys.createUser();
  const unlimited = { subs: -1, data: -1, payload: -1, imports: -1, exports: -1, conn: -1, leaf: -1 };
  const streams = { mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 };
  const operatorJwt = jwt(operator, operator, { type: 'operator', system_account: system.getPublicKey() });
  const systemJwt = jwt(operator, system, { type: 'account', limits: unlimited });
  const accountJwt = jwt(operator, account, { type: 'account', limits: { ...unlimited, ...streams } });
  const userJwt = jwt(account, user, { type: 'user', subs: -1, data: -1, payload: -1, pub: {}, sub: {} });
  return {
    configuration: [
      `operator: ${operatorJwt}`,
      `system_account: ${system.getPublicKey()}`,
      'resolver: MEMORY',
      `resolver_preload: { ${system.getPublicKey()}: ${systemJwt}, ${account.getPublicKey()}: ${accountJwt} }`,
    ].join('\n'),
    credentials: [
      ...['-----BEGIN NATS USER JWT-----', userJwt, '------END NATS USER JWT------', ''],
      ...['-----BEGIN USER NKEY SEED-----', text(user.getSeed()), '------END USER NKEY SEED------', ''],
    ].join('\n'),
  };
}

/** The seed and the public key of a new user that signs in without a JWT. */
export function natsUserKey(): { readonly seed: string; readonly publicKey: string } {
  const user = nkeys.createUser();
  return { seed: text(user.getSeed()), publicKey: user.getPublicKey() };
}

/** A JWT of one key about another, signed. */
function jwt(issuer: KeyPair, subject: KeyPair, nats: object): string {
  const claims = {
    jti: subject.getPublicKey(),
    iat: Math.trunc(Date.now() / 1_000),
    iss: issuer.getPublicKey(),
    sub: subject.getPublicKey(),
    nats: { ...nats, version: 2 },
  };
  const signed = [{ typ: 'JWT', alg: 'ed25519-nkey' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${signed}.${Buffer.from(issuer.sign(Buffer.from(signed))).toString('base64url')}`;
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}
