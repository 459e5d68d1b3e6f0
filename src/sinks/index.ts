export type { Sink } from '../core/index.ts';
