import type { BeaconFields, BeaconResult } from './beacon.ts';
import type { ClientLogger } from './options.ts';

/** Sends beacons by itself while connected. */
export interface BeaconLoop {
  start(): void;
  stop(): void;
}

/** What a beacon loop needs. */
export interface BeaconLoopDeps {
  readonly intervalMs: number;
  fields(): BeaconFields | Promise<BeaconFields>;
  send(fields: BeaconFields): Promise<BeaconResult>;
  readonly logger?: ClientLogger;
}

/** Beacons every `intervalMs`, reason `periodic`, until stopped or until the gateway says that it will never take one. */
export function createBeaconLoop(deps: BeaconLoopDeps): BeaconLoop {
  let timer: ReturnType<typeof setInterval> | undefined;
  const stop = (): void => clearInterval(timer);

  const beacon = async (): Promise<void> => {
    const result = await deps.send({ reason: 'periodic', ...(await deps.fields()) });
    if (result.ok || result.retryable) return;
    stop();
    deps.logger?.warn(`the gateway takes no beacons on this connection: ${result.message}`);
  };
  const attempt = (): void => {
    beacon().catch((error: unknown) => deps.logger?.warn(`the beacon failed: ${String(error)}`));
  };
  return {
    start() {
      stop();
      if (deps.intervalMs > 0) timer = setInterval(attempt, deps.intervalMs);
    },
    stop,
  };
}
