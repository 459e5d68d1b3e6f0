import { afterEach } from 'vitest';
import type { GatewayOptions } from '../../src/gateway/index.ts';
import { assertEveryFrame } from './frame-recorder.ts';
import { type GatewayFixture, gatewayFixture } from './gateway-fixture.ts';
import { WireClient } from './wire-client.ts';

/** A gateway with a manual clock on a free port of loopback. */
export interface ListeningGateway extends GatewayFixture {
  readonly url: string;
  /** A raw client that has not sent anything yet. */
  dial(options?: ConstructorParameters<typeof WireClient>[1]): WireClient;
}

/**
 * Makes the function that starts gateways for a test file; what a test started is closed after it, and every frame
 * that is sent is checked.
 */
export function gatewayStarter(): (options?: Partial<GatewayOptions>) => Promise<ListeningGateway> {
  assertEveryFrame();
  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });
  return async (options = {}) => {
    const fixture = gatewayFixture(options, { soon: 'immediate' });
    const { url } = await fixture.gateway.start();
    cleanups.push(() => fixture.gateway.close());
    return {
      ...fixture,
      url,
      dial(dialing = {}) {
        const client = new WireClient(url, dialing);
        cleanups.push(() => client.socket.terminate());
        return client;
      },
    };
  };
}
