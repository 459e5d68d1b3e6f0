/** The parts of the client that need Node: files for its identity, the `ws` socket, keys by node:crypto. */
export { loadDeviceIdentity } from './device-identity.ts';
export { type FileStoreOptions, fileStore } from './file-store.ts';
export { reportUpgradeAnswer, upgradeError, wsSocket } from './ws-socket.ts';
