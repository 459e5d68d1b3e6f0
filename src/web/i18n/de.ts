import type { Messages } from './messages.ts';

const en = (count: number): string => (count === 1 ? '' : 'en');

/** Deutsch. */
export const de: Messages = {
  title: 'Rollcall',
  instances: 'Instanzen',
  skipToList: 'Zur Liste',

  live: 'Live',
  connecting: 'Verbinden…',
  paused: 'Angehalten',
  reconnecting: 'Neu verbinden…',
  restarting: 'Das Gateway startet neu…',
  asOf: (time) => `Stand ${time}`,
  noGateway: 'Kein Gateway antwortet. Prüfen Sie, ob es läuft.',
  lockedOut: 'Zu viele Fehlversuche von dieser Adresse. Der nächste Versuch erfolgt von selbst.',
  connectionLost: 'Die Verbindung ist abgebrochen.',
  tryNow: 'Jetzt versuchen',
  upToDate: (time) => `Aktuell, ${time}`,

  pause: 'Anhalten',
  resume: 'Fortsetzen',
  changesWaiting: (count, text) => `${text} ausstehende Änderung${en(count)}`,
  orderHeld: 'Die Reihenfolge bleibt, solange Sie in der Liste sind',
  applyOrder: 'Jetzt sortieren',
  exportList: 'Exportieren',
  settings: 'Einstellungen',
  help: 'Tastenkürzel',
  close: 'Schließen',

  groupDevices: 'Nach Gerät gruppieren',

  filter: 'Filtern',
  filterHint: 'Host, Adresse, Version, Modell…',
  clearFilters: 'Alle Filter löschen',
  facets: { mode: 'Modus', status: 'Status', role: 'Rolle' },
  shown: (count, shown, all) =>
    shown === all ? `${all} Instanz${en(count)}` : `${shown} von ${all} Instanzen`,
  sortBy: 'Sortieren nach',
  sortAscending: 'Aufsteigend',
  sortDescending: 'Absteigend',

  columns: {
    instance: 'Instanz',
    status: 'Status',
    machine: 'Rechner',
    mode: 'Modus · Rollen',
    input: 'Letzte Eingabe',
    age: 'Aktualisiert',
  },
  sorts: {
    name: 'Name',
    state: 'Status',
    age: 'Zuletzt gesehen',
    input: 'Letzte Eingabe',
    mode: 'Modus',
    connections: 'Verbindungen',
  },
  statuses: { active: 'aktiv', idle: 'inaktiv', stale: 'veraltet' },
  disconnected: 'getrennt',
  unreachable: 'Gateway unerreichbar',
  reasons: {
    self: 'selbst',
    connect: 'verbunden',
    'node-connected': 'Knoten verbunden',
    disconnect: 'getrennt',
    launch: 'Start',
    periodic: 'Lebenszeichen',
    heartbeat: 'Lebenszeichen',
    beacon: 'Meldung',
    wake: 'aufgewacht',
    activity: 'Aktivität',
  },
  unnamed: 'ohne Namen',
  thisPage: 'diese Seite',
  pinnedGateway: 'Gateway',
  connections: (count, text) => `${text} Verbindung${en(count)}`,
  gone: 'weg',
  deviceGroup: (count, text) => `${text} Instanz${en(count)} auf diesem Gerät`,
  meters: { cpu: 'CPU', memory: 'Speicher', disk: 'Platte' },
  meterText: (name, percent) => `${name} zu ${percent} belegt`,

  noMatchTitle: 'Keine Instanz passt',
  noMatchText: 'Nichts in der Liste erfüllt alle Filter.',
  loading: 'Instanzen werden geladen…',
};
