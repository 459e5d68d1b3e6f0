import type { PresenceState } from './presence-state.ts';

/** Modes that have a word for people; any other mode is shown as it is. */
export const knownModes = ['gateway', 'ui', 'webchat', 'cli', 'backend', 'node', 'probe', 'test'] as const;

/** A mode that has a word for people. */
export type KnownMode = (typeof knownModes)[number];

/** English words of states. */
export const englishStates: Readonly<Record<PresenceState, string>> = {
  online: 'Online',
  reporting: 'Reporting',
  idle: 'Idle',
  stale: 'Stale',
  disconnected: 'Disconnected',
  unreachable: 'Unreachable',
};

/** English words of modes. */
export const englishModes: Readonly<Record<KnownMode, string>> = {
  gateway: 'Gateway',
  ui: 'Desktop app',
  webchat: 'Web chat',
  cli: 'Command line',
  backend: 'Service',
  node: 'Node',
  probe: 'Probe',
  test: 'Test',
};

/** English names of sections. */
export const englishSections = {
  attention: 'Needs attention',
  people: 'People and apps',
  servers: 'Servers and nodes',
  viewers: 'Viewers',
  past: 'Gone today',
} as const;
