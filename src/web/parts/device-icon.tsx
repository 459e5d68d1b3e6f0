import type { ComponentChildren, VNode } from 'preact';
import type { DeviceKind } from '../format/device-kind.ts';

/** The icon of a kind of device; decorative: its word is in the row. */
export function DeviceIcon({ kind }: { readonly kind: DeviceKind }): VNode {
  return (
    <svg class="device-icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {drawings[kind]}
    </svg>
  );
}

/** Line drawings on a grid of 24, stroke and corners set by the style sheet. */
const drawings: Readonly<Record<DeviceKind, ComponentChildren>> = {
  gateway: (
    <>
      <rect x="4" y="4" width="16" height="7" rx="2" />
      <rect x="4" y="13" width="16" height="7" rx="2" />
      <path d="M8 7.5h.01M8 16.5h.01M12 7.5h4M12 16.5h4" />
    </>
  ),
  mac: (
    <>
      <rect x="3" y="4" width="18" height="12" rx="2" />
      <path d="M12 16v4M8.5 20h7" />
    </>
  ),
  laptop: (
    <>
      <rect x="5" y="5" width="14" height="10" rx="1.5" />
      <path d="M2.5 19h19l-1.8-4H4.3z" />
    </>
  ),
  iphone: (
    <>
      <rect x="7" y="2.5" width="10" height="19" rx="2.5" />
      <path d="M10.75 5.5h2.5" />
    </>
  ),
  ipad: (
    <>
      <rect x="4.5" y="3" width="15" height="18" rx="2" />
      <path d="M10.5 18h3" />
    </>
  ),
  android: (
    <>
      <rect x="7" y="2.5" width="10" height="19" rx="2" />
      <path d="M12 5.5h.01M10 18.5h4" />
    </>
  ),
  server: (
    <>
      <rect x="3" y="4" width="18" height="16" rx="2" />
      <path d="m7 9 3 3-3 3M12.5 15H17" />
    </>
  ),
  camera: (
    <>
      <rect x="3" y="7" width="12" height="10" rx="2" />
      <path d="m15 11 6-3v8l-6-3" />
    </>
  ),
  bot: (
    <>
      <rect x="4.5" y="8" width="15" height="11" rx="3" />
      <path d="M12 8V4.5M9 13h.01M15 13h.01M9.5 16h5" />
    </>
  ),
  board: (
    <>
      <rect x="7" y="7" width="10" height="10" rx="1.5" />
      <path d="M10 7V4M14 7V4M10 20v-3M14 20v-3M7 10H4M7 14H4M20 10h-3M20 14h-3" />
    </>
  ),
  windows: (
    <>
      <rect x="4" y="4" width="16" height="16" rx="1" />
      <path d="M12 4v16M4 12h16" />
    </>
  ),
  browser: (
    <>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M3.5 12h17M12 3.5c5 5 5 12 0 17c-5-5-5-12 0-17" />
    </>
  ),
  program: (
    <>
      <rect x="3.5" y="4.5" width="17" height="15" rx="2" />
      <path d="M3.5 8.5h17M6.5 6.5h.01M9 6.5h.01" />
    </>
  ),
};
