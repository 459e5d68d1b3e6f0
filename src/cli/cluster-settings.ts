import { duration, text } from './setting-kind.ts';
import type { Setting } from './settings.ts';

/** Settings of the cluster that a gateway takes part in. */
export interface ClusterSettings {
  readonly cluster?: string;
  readonly clusterName: string;
  readonly clusterCaFile?: string;
  readonly clusterCertFile?: string;
  readonly clusterKeyFile?: string;
  readonly clusterCredentialsFile?: string;
  readonly replicateMs: number;
  readonly clusterLeaseMs: number;
}

type ClusterTable = { readonly [K in keyof ClusterSettings]-?: Setting<ClusterSettings[K]> };

/** Their part of the table. */
export function clusterSettings(): ClusterTable {
  return {
    cluster: {
      kind: text({
        what: 'redis://HOST:6379, rediss://HOST:6379, nats://HOST:4222 or tls://HOST:4222',
        placeholder: 'url',
        pattern: '^(redis|rediss|nats|tls)://\\S+$',
      }),
      default: undefined,
      secret: true,
      help: 'share one roster with other gateways by this Redis, Valkey or NATS server',
    },
    clusterName: {
      kind: text({ what: 'letters, digits, - and _', placeholder: 'name', pattern: '^[A-Za-z0-9_-]{1,64}$' }),
      default: 'rollcall',
      help: 'gateways of the same name on the same server share a roster',
    },
    clusterCaFile: {
      kind: text({ what: 'the path of a PEM file', placeholder: 'file' }),
      default: undefined,
      help: 'authorities to trust when the cluster server is reached by TLS',
    },
    clusterCertFile: {
      kind: text({ what: 'the path of a PEM file', placeholder: 'file' }),
      default: undefined,
      help: 'certificate of this gateway, for a cluster server that asks for one; needs clusterKeyFile',
    },
    clusterKeyFile: {
      kind: text({ what: 'the path of a PEM file', placeholder: 'file' }),
      default: undefined,
      help: 'private key of clusterCertFile',
    },
    clusterCredentialsFile: {
      kind: text({
        what: 'the path of a .creds file, or of one that holds an nkey seed',
        placeholder: 'file',
      }),
      default: undefined,
      help: 'credentials of the user of the NATS server',
    },
    replicateMs: {
      kind: duration({ min: 1 }),
      default: 100,
      help: 'a busy gateway tells the cluster of its changes at most once in this time',
    },
    clusterLeaseMs: {
      kind: duration({ min: 500 }),
      default: 6_000,
      help: 'a gateway that the cluster has not heard for longer is shown as unreachable',
    },
  };
}
