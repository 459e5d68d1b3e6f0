export type { GatewayStatus } from './gateway-status.ts';
export type { MemberWriter } from './member-writer.ts';
export { holdsDeviceToken, keepDeviceToken, makeDeviceFile } from './secret-files.ts';
export { Upstream, type UpstreamDeps } from './upstream.ts';
export {
  maxUpstreams,
  nameProblem,
  type UpstreamConfig,
  type UpstreamCredentials,
  upstreamsProblem,
  urlProblem,
} from './upstream-config.ts';
export type { UpstreamProblem } from './upstream-problem.ts';
export { gatewayKey } from './upstream-rows.ts';
export { Upstreams, type UpstreamsOptions } from './upstreams.ts';
export { joinUpstreams, readUpstreamsFile, upstreamsFileText } from './upstreams-file.ts';
