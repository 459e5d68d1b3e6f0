import { type Notice, noticeMessage, noticeText } from '../../sinks/notices/notice.ts';
import { oneLine, spanText } from '../text-format.ts';
import { cutTo, padTo } from '../text-table.ts';
import type { Paint } from './paint.ts';

/** Input of the pane of open notices. */
export interface NoticesPaneOptions {
  readonly notices: readonly Notice[];
  /** Index of the notice at the cursor. */
  readonly selected: number;
  readonly rows: number;
  readonly nowMs: number;
  readonly width: number;
  readonly paint: Paint;
}

const colours = { info: 'reset', warning: 'yellow', critical: 'red' } as const;

/** Open notices, the latest first, one a line: severity, text, since when, and who acknowledged it. */
export function noticesPane(options: NoticesPaneOptions): readonly string[] {
  const { notices, selected, rows, width, paint } = options;
  if (notices.length === 0) return ['', '  No open notices.'];
  const top = Math.max(0, Math.min(selected - rows + 2, notices.length - rows + 1));
  return [
    '',
    ...notices.slice(top, top + rows - 1).map((notice, index) => {
      const isSelected = top + index === selected;
      const line = cutTo(`${isSelected ? '› ' : '  '}${lineOf(notice, options)}`, width);
      if (isSelected) return paint('inverse', padTo(line, width));
      return notice.acknowledgedAtMs === undefined
        ? paint(colours[notice.severity] ?? 'reset', line)
        : paint('dim', line);
    }),
  ];
}

function lineOf(notice: Notice, { nowMs }: NoticesPaneOptions): string {
  const { severity, sinceMs, acknowledgedBy } = notice;
  const what = oneLine(noticeText(noticeMessage(notice, sinceMs)));
  const by = acknowledgedBy === undefined ? '' : ` · acknowledged by ${oneLine(acknowledgedBy, 40)}`;
  return `${padTo(oneLine(severity), 8)} ${spanText((nowMs - sinceMs) / 1_000)} ago  ${what}${by}`;
}
