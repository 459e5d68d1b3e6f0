import { type ActivityReport, ActivitySchema, parseActivity } from '../../protocol/index.ts';
import { answer, defineOperation, type Operation, refuse } from './operation.ts';
import { storeOwnReport } from './own-report.ts';
import { done } from './schemas.ts';

export const presenceActivity: Operation = defineOperation<ActivityReport>({
  name: 'presence.activity',
  summary: 'Seconds since the last input of the person at the own connection (PR9)',
  roles: ['operator'],
  params: ActivitySchema,
  result: done(),
  example: { idleSeconds: 0 },
  parse(params) {
    return parseActivity(params);
  },
  handle(report, caller, { writer }) {
    const error = storeOwnReport(writer, caller, { source: 'activity', ...report });
    return error === undefined ? answer({ ok: true }) : refuse(error);
  },
});
