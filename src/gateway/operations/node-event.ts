import { Type } from 'typebox';
import { type NodeEvent, NodeEventSchema, parseNodeEvent } from '../../protocol/index.ts';
import { answer, defineOperation, type Operation, refuse } from './operation.ts';
import { storeOwnReport } from './own-report.ts';
import { done } from './schemas.ts';

export const nodeEvent: Operation = defineOperation<NodeEvent>({
  name: 'node.event',
  summary: 'An event of a node: presence is stored, others are answered as not handled (PR9)',
  roles: ['node'],
  params: NodeEventSchema,
  result: done({ event: Type.String(), handled: Type.Boolean(), reason: Type.String() }),
  example: { event: 'node.presence.activity', payload: { idleSeconds: 5 } },
  parse(params) {
    return parseNodeEvent(params);
  },
  handle(event, caller, { writer }) {
    if (!event.handled) return answer({ ok: true, event: event.event, handled: false, reason: event.reason });
    const error = storeOwnReport(writer, caller, { source: 'node-event', ...event.report });
    if (error !== undefined) return refuse(error);
    return answer({ ok: true, event: event.event, handled: true, reason: 'stored' });
  },
});
