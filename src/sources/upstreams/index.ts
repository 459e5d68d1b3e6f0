export { UpstreamList } from './upstream-list.ts';
export { gatewayKey } from './upstream-rows.ts';
