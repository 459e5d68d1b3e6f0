import { Type } from 'typebox';
import { answer, defineOperation, type Operation } from './operation.ts';
import { ignoredParams } from './schemas.ts';

export const configGet: Operation = defineOperation({
  name: 'config.get',
  summary: 'The settings in force, without secrets',
  roles: ['operator'],
  scope: 'operator.read',
  params: ignoredParams,
  parse: () => ({ ok: true, value: {} }),
  result: Type.Object({ settings: Type.Record(Type.String(), Type.Unknown()) }),
  handle: (_, __, { effectiveSettings }) => answer({ settings: effectiveSettings }),
});
