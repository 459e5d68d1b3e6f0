import type { Cause } from '../../core/index.ts';
import type { NoticeSubject, NoticeType } from '../../sinks/notices/notice.ts';
import type { Formats } from '../format/formats.ts';
import { causeText, type Words } from './words.ts';

/** The text of a notice, one line; for several instances that left together their number. */
export function noticeText(
  notice: {
    readonly type: NoticeType;
    readonly subject: NoticeSubject;
    readonly cause?: Cause | null | undefined;
    readonly count: number;
  },
  t: Words,
  f: Formats,
): string {
  const { type, subject, cause, count } = notice;
  const name =
    subject.key === '*' ? t.severalInstances(count, f.count(count)) : (subject.host ?? subject.key);
  const text = t.notices[type](name);
  return cause == null || cause.code === 'unknown' ? text : `${text} · ${causeText(cause, t)}`;
}
