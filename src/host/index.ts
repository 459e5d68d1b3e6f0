export {
  configHome,
  firstIpv4,
  homeFolder,
  hostName,
  type SystemCalls,
  stateHome,
  systemRelease,
  userName,
} from './system-facts.ts';
