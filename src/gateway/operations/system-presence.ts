import { Type } from 'typebox';
import { PresenceEntrySchema } from '../../protocol/index.ts';
import { defineOperation, type Operation } from './operation.ts';
import { ignoredParams } from './schemas.ts';

export const systemPresence: Operation = defineOperation({
  name: 'system-presence',
  summary: 'The roster as strict entries: the gateway first, then newest first (PW6)',
  roles: ['operator'],
  scope: 'operator.read',
  params: ignoredParams,
  parse: () => ({ ok: true, value: {} }),
  result: Type.Array(PresenceEntrySchema),
  handle: (_, __, { lists }) => ({ ok: true, payload: lists.entries() }),
});
