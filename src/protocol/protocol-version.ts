/** A protocol that this gateway speaks. */
export type ProtocolVersion = 3 | 4;

/** The highest protocol that both sides know, or `undefined` when there is none (PW3). */
export function negotiateProtocol(minProtocol: number, maxProtocol: number): ProtocolVersion | undefined {
  if (minProtocol <= 4 && maxProtocol >= 4) return 4;
  if (minProtocol <= 3 && maxProtocol >= 3) return 3;
  return undefined;
}
