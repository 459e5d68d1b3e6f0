export {
  configHome,
  firstIpv4,
  homeFolder,
  hostName,
  ownAddresses,
  type SystemCalls,
  stateHome,
  systemRelease,
  userName,
} from './system-facts.ts';
