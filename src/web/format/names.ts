import type { Instance } from '../../client/index.ts';
import type { QueriedAnnotations } from '../../viewer/index.ts';

/** The operator's annotations of an instance (PO1), as far as a gateway sends them. */
export interface Annotations extends QueriedAnnotations {
  readonly pin?: boolean;
  readonly mute?: boolean;
  readonly expected?: boolean;
}

/** The annotations of a row; empty when there are none. */
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
