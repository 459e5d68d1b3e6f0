import { Type } from 'typebox';
import { presenceKey } from '../../core/index.ts';
import { refusal, unknownInstance } from '../../protocol/index.ts';
import { answer, defineOperation, type Operation, refuse } from './operation.ts';
import { countSchema, done, type KeyParams, keyParams } from './schemas.ts';

export const presenceRemove: Operation = defineOperation<KeyParams>({
  name: 'presence.remove',
  summary: "Closes this gateway's connections of an instance and forgets its row (PO7)",
  roles: ['operator'],
  scope: 'operator.admin',
  params: keyParams,
  result: done({
    closed: countSchema,
    removed: Type.Boolean({ description: 'False when another gateway still lists it.' }),
  }),
  example: { key: 'bystander' },
  http: { method: 'DELETE', path: '/api/v1/presence/{key}' },
  handle(params, caller, { presence, writer, disconnect }) {
    const key = presenceKey(params.key) ?? '';
    const view = presence.get(key);
    if (view === undefined) return refuse(unknownInstance(params.key));
    if (view.self === true) return refuse(refusal('selfRow'));
    const evidence = `by the credential ${caller.credential}`;
    const closed = disconnect(key, evidence);
    writer.forget(key, { code: 'removed', evidence });
    return answer({ ok: true, closed, removed: presence.get(key) === undefined });
  },
});
