/**
 * Names one run of one gateway, `GATEWAY@RUN`: what a gateway published before its restart is distinguished from what it publishes now.
 *
 * The gateway's part is the instanceId of its own row, the run is random.
 */
export type MemberId = string;

/** Names a run; throws `TypeError` when one of both is empty or the run contains `@`. */
export function memberIdOf(gatewayId: string, run: string): MemberId {
  if (gatewayId === '' || run === '' || run.includes('@')) {
    throw new TypeError(`"${gatewayId}" and "${run}" do not name a run of a gateway`);
  }
  return `${gatewayId}@${run}`;
}

/** The gateway of a run. */
export function gatewayIdOf(memberId: MemberId): string {
  const end = memberId.lastIndexOf('@');
  return end < 0 ? memberId : memberId.slice(0, end);
}

/** The member of a gateway that is in no cluster. */
export const aloneId: MemberId = 'self';

/** The member of an upstream; no run of a gateway. */
export function upstreamIdOf(id: string): MemberId {
  return `upstream:${id}`;
}

/** True for a run of a gateway of this cluster, false for {@link aloneId} and upstreams. */
export function isGatewayRun(memberId: MemberId): boolean {
  return memberId.includes('@') && !memberId.startsWith('upstream:');
}
