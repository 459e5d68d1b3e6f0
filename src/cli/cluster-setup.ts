import type { GatewayOptions, Settings } from '../gateway/index.ts';
import type { createEngine, EngineAddress } from '../sources/cluster/index.ts';
import { misused, ok, type Result } from './result.ts';

type Cluster = NonNullable<GatewayOptions['cluster']>;

/**
 * The part of a gateway's options that is about its cluster; `undefined` when none is configured.
 *
 * Loads the client of the engine; when it is missing, the error names the package to install.
 */
export async function setUpCluster(
  settings: Settings,
  load: () => Promise<typeof createEngine>,
): Promise<Result<Cluster | undefined>> {
  const { cluster: url, clusterName: name, replicateMs, clusterLeaseMs: leaseMs } = settings;
  if (url === undefined) return ok(undefined);
  const address: EngineAddress = {
    url,
    name,
    keyPrefix: settings.clusterKeyPrefix,
    caFile: settings.clusterCaFile,
    certFile: settings.clusterCertFile,
    keyFile: settings.clusterKeyFile,
    credentialsFile: settings.clusterCredentialsFile,
  };
  try {
    const createEngine = await (await load())(address);
    return ok({ name, createEngine, replicateMs, leaseMs });
  } catch (error) {
    if ((error as Error).name !== 'ClusterSetupError') throw error;
    return misused(`cluster: ${(error as Error).message}`);
  }
}
