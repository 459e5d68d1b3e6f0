import type { styleText } from 'node:util';

/** Returns text in a colour or weight where colour is on, else unchanged. */
export type Paint = (style: Parameters<typeof styleText>[0], text: string) => string;
