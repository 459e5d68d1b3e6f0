import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { type Notice, noticeType } from '../../sinks/notices/notice.ts';
import { noticeText } from '../i18n/notice-text.ts';
import type { NoticeList as NoticeLists } from '../state/notices.ts';
import { createOperations } from '../state/operations.ts';
import { useAllWords, useBoard, usePage } from './context.tsx';
import { Menu } from './controls.tsx';
import { LaterGlyph } from './forms.tsx';

/** Most resolved notices that are shown. */
const mostResolved = 20;

/** The notices of a gateway that has rules for them; the bell shows the number of unacknowledged ones. */
export function NoticesButton(): VNode | null {
  const list = useBoard().notices.value?.list.value;
  const { t, f } = useAllWords();
  if (list === undefined) return null;
  const waiting = list.open.filter(({ acknowledgedAtMs }) => acknowledgedAtMs === undefined).length;
  const count = waiting > 0 ? f.count(waiting) : undefined;
  const button = (
    <>
      <LaterGlyph name="bell" />
      {count !== undefined && <span class="count">{count}</span>}
    </>
  );
  const label = count === undefined ? t.noticesTitle : `${t.noticesTitle} ${count}`;
  return (
    <Menu class="menu-end notices-menu" label={label} button={button}>
      {(close) => <NoticeList list={list} onClose={close} />}
    </Menu>
  );
}

/** The notices of the gateway: open ones, then resolved ones. */
function NoticeList(props: { readonly list: NoticeLists; readonly onClose: () => void }): VNode {
  const { t } = useAllWords();
  const { list, onClose } = props;
  const { open, resolved } = list;
  return (
    <section class="notices" aria-labelledby="notices-title">
      <h2 id="notices-title">{t.noticesTitle}</h2>
      {open.length === 0 && <p class="muted">{t.noticesNone}</p>}
      <NoticeItems notices={open} onClose={onClose} />
      {resolved.length > 0 && <h3>{t.noticesOver}</h3>}
      <NoticeItems notices={resolved.slice(0, mostResolved)} onClose={onClose} />
    </section>
  );
}

function NoticeItems(props: {
  readonly notices: readonly Notice[];
  readonly onClose: () => void;
}): VNode | null {
  if (props.notices.length === 0) return null;
  return (
    <ul>
      {props.notices.map((notice) => (
        <NoticeItem key={notice.noticeId} notice={notice} onClose={props.onClose} />
      ))}
    </ul>
  );
}

function NoticeItem({ notice, onClose }: { readonly notice: Notice; readonly onClose: () => void }): VNode {
  const { address } = usePage();
  const { client, notices, nowMs } = useBoard();
  const { t, f } = useAllWords();
  const [problem, setProblem] = useState<string>();
  const operations = createOperations(client);
  const { noticeId, rule, state, severity, subject, acknowledgedAtMs, acknowledgedBy, sinceMs } = notice;
  const atMs = notice.resolvedAtMs ?? sinceMs;
  const isOpen = state === 'open';
  const acknowledge = async (): Promise<void> => {
    setProblem(await operations.acknowledge(noticeId));
    await notices.peek()?.load();
  };
  return (
    <li class={`notice notice-${isOpen ? severity : 'over'}`}>
      <button
        type="button"
        class="link"
        disabled={subject.key === '*'}
        onClick={() => {
          address.update({ instance: subject.key, timeline: undefined });
          onClose();
        }}
      >
        {noticeText({ ...notice, type: noticeType(notice) }, t, f)}
      </button>
      <span class="muted notice-more">
        <time dateTime={new Date(atMs).toISOString()} title={f.dateTime(atMs)}>
          {f.age(nowMs.value - atMs)}
        </time>{' '}
        · {rule}
        {acknowledgedAtMs !== undefined && ` · ${t.acknowledgedBy(acknowledgedBy ?? t.unnamed)}`}
      </span>
      {isOpen && acknowledgedAtMs === undefined && operations.may('notices.acknowledge') && (
        <button type="button" class="button small" onClick={() => void acknowledge()}>
          {t.acknowledge}
        </button>
      )}
      {problem !== undefined && (
        <p class="problem" role="alert">
          {t.actionFailed(problem)}
        </p>
      )}
    </li>
  );
}
