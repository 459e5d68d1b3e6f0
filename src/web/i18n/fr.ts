import type { Messages } from './messages.ts';

const s = (count: number): string => (count < 2 ? '' : 's');

/** Français. */
export const fr: Messages = {
  title: 'Rollcall',
  instances: 'Instances',
  skipToList: 'Aller à la liste',

  live: 'En direct',
  connecting: 'Connexion…',
  paused: 'En pause',
  reconnecting: 'Reconnexion…',
  restarting: 'La passerelle redémarre…',
  asOf: (time) => `état à ${time}`,
  noGateway: 'Aucune passerelle ne répond. Vérifiez qu’elle fonctionne.',
  lockedOut: 'Trop d’échecs de connexion depuis cette adresse. Un nouvel essai se fera tout seul.',
  connectionLost: 'La connexion est perdue.',
  tryNow: 'Réessayer',
  upToDate: (time) => `À jour, ${time}`,

  pause: 'Pause',
  resume: 'Reprendre',
  changesWaiting: (count, text) => `${text} changement${s(count)} en attente`,
  orderHeld: 'L’ordre est figé tant que vous êtes dans la liste',
  applyOrder: 'Trier',
  exportList: 'Exporter',
  settings: 'Réglages',
  help: 'Raccourcis clavier',
  close: 'Fermer',

  groupDevices: 'Grouper par appareil',

  filter: 'Filtrer',
  filterHint: 'Hôte, adresse, version, modèle…',
  clearFilters: 'Effacer tous les filtres',
  facets: { mode: 'Mode', status: 'État', role: 'Rôle' },
  shown: (count, shown, all) =>
    shown === all ? `${all} instance${s(count)}` : `${shown} instance${s(count)} sur ${all}`,
  sortBy: 'Trier par',
  sortAscending: 'Croissant',
  sortDescending: 'Décroissant',

  columns: {
    instance: 'Instance',
    status: 'État',
    machine: 'Machine',
    mode: 'Mode · rôles',
    input: 'Dernière saisie',
    age: 'Mise à jour',
  },
  sorts: {
    name: 'Nom',
    state: 'État',
    age: 'Dernière activité',
    input: 'Dernière saisie',
    mode: 'Mode',
    connections: 'Connexions',
  },
  statuses: { active: 'actif', idle: 'en veille', stale: 'périmé' },
  disconnected: 'déconnecté',
  unreachable: 'passerelle injoignable',
  reasons: {
    self: 'elle-même',
    connect: 'connecté',
    'node-connected': 'nœud connecté',
    disconnect: 'déconnecté',
    launch: 'lancement',
    periodic: 'signal régulier',
    heartbeat: 'signal régulier',
    beacon: 'balise',
    wake: 'réveil',
    activity: 'activité',
  },
  unnamed: 'sans nom',
  thisPage: 'cette page',
  pinnedGateway: 'passerelle',
  connections: (count, text) => `${text} connexion${s(count)}`,
  gone: 'parti',
  deviceGroup: (count, text) => `${text} instance${s(count)} sur cet appareil`,
  meters: { cpu: 'CPU', memory: 'Mémoire', disk: 'Disque' },
  meterText: (name, percent) => `${name} : ${percent} utilisés`,

  noMatchTitle: 'Aucune instance ne correspond',
  noMatchText: 'Rien dans la liste ne satisfait tous les filtres.',
  loading: 'Chargement des instances…',
};
