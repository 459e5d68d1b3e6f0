/** Version of this library, as in its package.json; sent when a program names no version of its own. */
export const libraryVersion = '0.2.0';
