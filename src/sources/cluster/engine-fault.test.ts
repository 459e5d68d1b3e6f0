import { expect, it } from 'vitest';
import { explained, isServerRefusal } from './engine-fault.ts';

// Messages of the clients, as real servers cause them (test/e2e/engine-security.test.ts).
it.each([
  ['self-signed certificate in certificate chain', '--cluster-ca-file'],
  ['unable to verify the first certificate', '--cluster-ca-file'],
  [
    "Hostname/IP does not match certificate's altnames: IP: 127.0.0.1 is not in the cert's list: ",
    'another name',
  ],
  ['certificate has expired', 'the clock of this machine'],
  ['WRONGPASS invalid username-password pair or user is disabled.', 'ROLLCALL_CLUSTER'],
  ['127.0.0.1:4222: Authorization Violation', '--cluster-credentials-file'],
  ['NOPERM this user has no permissions to run the command', 'docs/cluster.md'],
  ["READONLY You can't write against a read only replica.", 'redis+sentinel://'],
  ["OOM command not allowed when used memory > 'maxmemory'.", 'maxmemory of the server'],
  ['NOREPLICAS Not enough good replicas to write.', 'min-replicas-to-write'],
  ['ERR max number of clients reached', 'maxclients'],
  ['ERR DB index is out of range', 'databases'],
  ["server does not support 'tls'", 'nats://'],
  ['jetstream is not enabled', 'JetStream'],
  ['read ECONNRESET', 'rediss://'],
])('[PC4] says what to do about: %s', (message, hint) => {
  expect(explained(message)).toContain(`${message.trim()} (`);
  expect(explained(message)).toContain(hint);
});

it.each([
  ["NOPERM this user has no permissions to run the 'publish' command", true],
  ['WRONGPASS invalid username-password pair or user is disabled.', true],
  ['NOAUTH Authentication required.', true],
  ["READONLY You can't write against a read only replica.", true],
  ['ERR max number of clients reached', true],
  ['127.0.0.1:4222: Authorization Violation', true],
  ['connect ECONNREFUSED 127.0.0.1:6379', false],
  ['read ECONNRESET', false],
  ['Socket closed unexpectedly', false],
  ['no answer within 2 s', false],
])('[PC16] knows what a server answers that refuses: %s', (message, isRefusal) => {
  expect(isServerRefusal(message)).toBe(isRefusal);
});

it('keeps what is clear, and of a fault of OpenSSL the part for people', () => {
  expect(explained('connect ECONNREFUSED 127.0.0.1:6379')).toBe('connect ECONNREFUSED 127.0.0.1:6379');
  const alert =
    '80DC04:error:0A00045C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required:../rec.c:1601:SSL';
  expect(explained(`${alert} alert number 116\n`)).toMatch(
    /^tlsv13 alert certificate required \(.*--cluster-cert-file/,
  );
});
