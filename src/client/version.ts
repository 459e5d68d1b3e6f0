/** Version of this library, as its package.json says; sent when a program names no version of its own. */
export const libraryVersion = '0.2.0';
