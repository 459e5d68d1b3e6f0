import type { Messages } from './messages.ts';

const s = (count: number): string => (count === 1 ? '' : 's');

/** English. */
export const en: Messages = {
  title: 'Rollcall',
  instances: 'Instances',
  skipToList: 'Skip to the list',

  live: 'Live',
  connecting: 'Connecting…',
  paused: 'Paused',
  reconnecting: 'Reconnecting…',
  restarting: 'The gateway is restarting…',
  asOf: (time) => `as of ${time}`,
  noGateway: 'No gateway answers. Check that it runs.',
  lockedOut: 'Too many failed sign-ins from this address. The next attempt is made by itself.',
  connectionLost: 'The connection was lost.',
  tryNow: 'Try now',
  upToDate: (time) => `Up to date, ${time}`,

  pause: 'Pause',
  resume: 'Resume',
  changesWaiting: (count, text) => `${text} change${s(count)} waiting`,
  orderHeld: 'The order is held while you are in the list',
  applyOrder: 'Sort now',
  exportList: 'Export',
  settings: 'Settings',
  help: 'Keyboard shortcuts',
  close: 'Close',

  groupDevices: 'Group by device',

  filter: 'Filter',
  filterHint: 'Host, address, version, model…',
  clearFilters: 'Clear all filters',
  facets: { mode: 'Mode', status: 'Status', role: 'Role' },
  shown: (count, shown, all) =>
    shown === all ? `${all} instance${s(count)}` : `${shown} of ${all} instance${s(count)}`,
  sortBy: 'Sort by',
  sortAscending: 'Ascending',
  sortDescending: 'Descending',

  columns: {
    instance: 'Instance',
    status: 'Status',
    machine: 'Machine',
    mode: 'Mode · roles',
    input: 'Last input',
    age: 'Updated',
  },
  sorts: {
    name: 'Name',
    state: 'State',
    age: 'Last seen',
    input: 'Last input',
    mode: 'Mode',
    connections: 'Connections',
  },
  statuses: { active: 'active', idle: 'idle', stale: 'stale' },
  disconnected: 'disconnected',
  unreachable: 'gateway unreachable',
  reasons: {
    self: 'self',
    connect: 'connected',
    'node-connected': 'node connected',
    disconnect: 'disconnected',
    launch: 'launch',
    periodic: 'heartbeat',
    heartbeat: 'heartbeat',
    beacon: 'beacon',
    wake: 'woke up',
    activity: 'activity',
  },
  unnamed: 'unnamed',
  thisPage: 'this page',
  pinnedGateway: 'gateway',
  connections: (count, text) => `${text} connection${s(count)}`,
  gone: 'gone',
  deviceGroup: (count, text) => `${text} instance${s(count)} on this device`,
  meters: { cpu: 'CPU', memory: 'Memory', disk: 'Disk' },
  meterText: (name, percent) => `${name} ${percent} used`,

  noMatchTitle: 'No instance matches',
  noMatchText: 'Nothing in the list fits all the filters.',
  loading: 'Loading the instances…',
};
