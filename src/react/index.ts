/** Live presence in React. */
export type { Instance } from '../client/instance.ts';
