import type { VNode } from 'preact';

/** The mark of the page: three names, each with its status. */
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
