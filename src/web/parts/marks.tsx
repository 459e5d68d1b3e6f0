import type { VNode } from 'preact';
import type { PresenceState } from '../../viewer/index.ts';
import { type FirstWords, modeText, roleText } from '../i18n/words.ts';
import type { FacetName } from '../state/view-state.ts';

/** The shape of a state; decorative: its word is beside it (PS5). Each has another shape, not only another colour. */
export function StateMark({ state }: { readonly state: PresenceState }): VNode {
  return (
    <svg class={`status-mark status-${state}`} viewBox="0 0 12 12" aria-hidden="true" focusable="false">
      {shapes[state]}
    </svg>
  );
}

const shapes: Readonly<Record<PresenceState, VNode>> = {
  online: <circle class="full" cx="6" cy="6" r="5" />,
  reporting: (
    <>
      <circle cx="6" cy="6" r="4.5" />
      <circle class="full" cx="6" cy="6" r="1.9" />
    </>
  ),
  idle: (
    <>
      <circle cx="6" cy="6" r="4.5" />
      <path class="full" d="M6 1.5a4.5 4.5 0 0 1 0 9z" />
    </>
  ),
  stale: <circle cx="6" cy="6" r="4.5" />,
  disconnected: <rect class="full" x="1.5" y="1.5" width="9" height="9" rx="1.5" />,
  unreachable: <path d="M6 1.2 11 10.5H1zM6 4.8v2.6" />,
};

/** The logo. */
export function Brand(): VNode {
  return (
    <svg class="brand" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <rect class="brand-ground" width="24" height="24" rx="6" />
      <path class="brand-lines" d="M10.8 7.5h7M10.8 12h7M10.8 16.5h4.4" />
      <circle class="brand-full" cx="6.8" cy="7.5" r="1.7" />
      <circle class="brand-ring" cx="6.8" cy="12" r="1.3" />
      <path class="brand-full" d="M6.8 10.3a1.7 1.7 0 0 1 0 3.4z" />
      <circle class="brand-ring" cx="6.8" cy="16.5" r="1.3" />
    </svg>
  );
}

/** A value of a facet in the words of the page. */
export function facetText(facet: FacetName, word: string, t: FirstWords): string {
  if (facet === 'state') return t.states[word as PresenceState];
  if (facet === 'mode') return modeText(word, t);
  return facet === 'role' ? roleText(word, t) : word;
}
