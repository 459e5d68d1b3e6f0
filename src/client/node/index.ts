/** What the client needs of Node: files for its identity, the `ws` socket, keys by node:crypto. */
export { wsSocket } from './ws-socket.ts';
