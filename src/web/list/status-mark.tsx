import type { VNode } from 'preact';
import type { Status } from '../../client/index.ts';

/** The shape of a status; decoration, its word stands beside it (PS3). */
export function StatusMark({ status }: { readonly status: Status }): VNode {
  return (
    <svg class={`status-mark status-${status}`} viewBox="0 0 12 12" aria-hidden="true" focusable="false">
      <circle cx="6" cy="6" r="4.25" />
      {status === 'idle' && <path d="M6 1.75a4.25 4.25 0 0 1 0 8.5z" />}
    </svg>
  );
}
