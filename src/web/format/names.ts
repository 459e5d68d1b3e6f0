import type { Instance } from '../../client/index.ts';
import type { QueriedAnnotations } from '../../viewer/index.ts';

/** What the operator of a gateway says of an instance (PO1), as far as a gateway sends it. */
export interface Annotations extends QueriedAnnotations {
  readonly pin?: boolean;
  readonly mute?: boolean;
  readonly expected?: boolean;
}

/** What the operator says of a row; empty when nothing. */
export function annotationsOf(row: Instance): Annotations {
  return (row as { readonly annotations?: Annotations }).annotations ?? noAnnotations;
}

const noAnnotations: Annotations = Object.freeze({});

/** The gateways that hold a row, where there are several. */
export function gatewaysOf(row: Instance): readonly string[] {
  return row.gateways ?? row.gatewayIds ?? noGateways;
}

const noGateways: readonly string[] = Object.freeze([]);

/** Whether a row is a node, or was one while it was connected. */
export function isNode(row: Instance): boolean {
  return row.mode === 'node' || (row.roles?.includes('node') ?? false);
}
