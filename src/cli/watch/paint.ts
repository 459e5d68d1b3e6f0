import type { styleText } from 'node:util';

/** Puts text in a colour or weight, where that is welcome. */
export type Paint = (style: Parameters<typeof styleText>[0], text: string) => string;
