import { englishModes, englishSections, englishStates } from '../../viewer/index.ts';
import type { FirstWords } from './words.ts';

const s = (count: number): string => (count === 1 ? '' : 's');

/** English. */
export const en: FirstWords = {
  states: englishStates,
  modes: { ...englishModes, viewer: 'Viewer', mobile: 'Mobile app' },
  title: 'Rollcall',
  instances: 'Instances',
  skipToList: 'Skip to the list',

  live: 'Live',
  connecting: 'Connecting…',
  paused: 'Paused',
  notLive: 'Not live',
  restarting: 'The gateway is restarting…',
  asOf: (time) => `as of ${time}`,
  noGateway: 'Can’t reach the gateway. Retrying automatically…',
  lockedOut: 'Too many failed sign-ins from this address. Retrying automatically…',
  connectionLost: 'Connection lost. Retrying automatically…',
  tryNow: 'Retry now',
  gatewayUp: (span) => `up ${span}`,

  pause: 'Pause',
  resume: 'Resume',
  more: 'More',

  filter: 'Search instances',
  filterHint: 'Search name, address, tag, status…',
  filters: 'Filters',
  shown: (count, shown, all) =>
    shown === all ? `${all} instance${s(count)}` : `${shown} of ${all} instance${s(count)}`,
  loading: 'Loading instances…',

  view: 'View',
  columns: {
    instance: 'Instance',
    state: 'Status',
    hour: 'Last hour',
    where: 'Address',
    machine: 'Machine',
    kind: 'Kind',
    input: 'Last input',
    version: 'Version',
    gateway: 'Gateway',
    updated: 'Updated',
  },
  inUse: 'in use now',
  roles: { operator: 'Operator', node: 'Node' },
  unnamed: 'Unnamed',
  thisPage: 'this page',
  pinnedGateway: 'gateway',
  connections: (count, text) => `${text} connection${s(count)}`,
  gone: 'Gone',
  isNew: 'new',
  apps: (count, text) => `${text} app${s(count)}`,
  meters: { cpu: 'CPU', memory: 'Memory', disk: 'Disk' },
  meterText: (name, percent) => `${name} ${percent}`,
  leftTimes: (count, text) => `dropped ${text} time${s(count)} in 10 min`,

  summary: 'Summary',
  cards: {
    online: 'Online',
    left: 'Just left',
    quiet: 'Not heard from',
    attention: 'Needs attention',
  },
  ofAll: (count) => `of ${count}`,
  nobody: { left: 'Nobody left', quiet: 'All reporting', attention: 'All good' },
  sections: { ...englishSections, arrived: 'Just arrived' },
  ofOwner: (owner) => owner,
  noMode: 'Unknown kind',
  noGatewayName: 'This gateway',
  andMore: (text) => `${text} more`,

  travel: 'Go back in time',
  travelFailed: 'The gateway can’t show this moment.',
};
