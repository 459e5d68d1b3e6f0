import { Type } from 'typebox';
import { answer, defineOperation, type Operation } from './operation.ts';
import { ignoredParams } from './schemas.ts';

/**
 * There is no pairing here: who may connect is decided by credentials alone. OpenClaw asks for `operator.pairing`; the answer is the
 * same for everybody and needs no scope.
 */
function pairList(name: string): Operation {
  return defineOperation({
    name,
    summary: 'Always empty: who may connect is decided by credentials alone',
    roles: ['operator'],
    params: ignoredParams,
    parse: () => ({ ok: true, value: {} }),
    result: Type.Object({ pending: Type.Array(Type.Unknown()), paired: Type.Array(Type.Unknown()) }),
    handle: () => answer({ pending: [], paired: [] }),
  });
}

export const nodePairList: Operation = pairList('node.pair.list');
export const devicePairList: Operation = pairList('device.pair.list');
