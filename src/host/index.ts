export { replaceFile } from './replace-file.ts';
export {
  configHome,
  firstIpv4,
  homeFolder,
  hostName,
  kernelName,
  letHostNameAnswer,
  loadAverage,
  machineName,
  ownAddresses,
  type SystemCalls,
  stateHome,
  systemRelease,
  uptimeSeconds,
  userName,
} from './system-facts.ts';
export { readPrivateFile, readTextFile } from './text-file.ts';
export { keepYoungGenerationSmall } from './young-generation.ts';
