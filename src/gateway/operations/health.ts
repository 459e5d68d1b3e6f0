import { answer, defineOperation, type Operation } from './operation.ts';
import { countSchema, done, ignoredParams, momentSchema } from './schemas.ts';

export const health: Operation = defineOperation({
  name: 'health',
  summary: 'Answers as long as the gateway does',
  roles: ['operator', 'node'],
  params: ignoredParams,
  parse: () => ({ ok: true, value: {} }),
  result: done({ ts: momentSchema, durationMs: countSchema }),
  handle: (_, __, { presence }) => answer({ ok: true, ts: Math.round(presence.now().wallMs), durationMs: 0 }),
});
