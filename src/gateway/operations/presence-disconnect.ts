import { presenceKey } from '../../core/index.ts';
import { refusal, unknownInstance } from '../../protocol/index.ts';
import { answer, defineOperation, type Operation, refuse } from './operation.ts';
import { countSchema, done, type KeyParams, keyParams } from './schemas.ts';

export const presenceDisconnect: Operation = defineOperation<KeyParams>({
  name: 'presence.disconnect',
  summary: "Closes this gateway's connections of an instance; the row stays (PO6)",
  roles: ['operator'],
  scope: 'operator.admin',
  params: keyParams,
  result: done({ closed: countSchema, remaining: countSchema }),
  example: { key: 'bystander' },
  http: { method: 'POST', path: '/api/v1/presence/{key}/disconnect' },
  handle(params, caller, { presence, disconnect }) {
    const key = presenceKey(params.key) ?? '';
    const view = presence.get(key);
    if (view === undefined) return refuse(unknownInstance(params.key));
    if (view.self === true) return refuse(refusal('selfRow'));
    const closed = disconnect(key, `by the credential ${caller.credential}`);
    return answer({ ok: true, closed, remaining: presence.get(key)?.connections ?? 0 });
  },
});
