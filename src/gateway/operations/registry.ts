import { err, ok, type Result } from '../../core/index.ts';
import { authorizeMethod, unknownMethod, type WireError } from '../../protocol/index.ts';
import type { Caller } from '../access/caller.ts';
import { configGet } from './config-get.ts';
import { gatewaysList } from './gateways-list.ts';
import { health } from './health.ts';
import { nodeEvent } from './node-event.ts';
import { nodeList } from './node-list.ts';
import { noticesAcknowledge, noticesList, noticesMute } from './notices.ts';
import type { Operation } from './operation.ts';
import { devicePairList, nodePairList } from './pair-lists.ts';
import { presenceActivity } from './presence-activity.ts';
import { presenceAnnotate } from './presence-annotate.ts';
import { presenceDisconnect } from './presence-disconnect.ts';
import { presenceJournal } from './presence-journal.ts';
import { presenceList } from './presence-list.ts';
import { presenceRemove } from './presence-remove.ts';
import { status } from './status.ts';
import { systemEvent } from './system-event.ts';
import { systemPresence } from './system-presence.ts';

/** All operations that are served (PW6, PW9). A new one is a file beside this one, and a line here. */
export const OPERATIONS: readonly Operation[] = [
  health,
  status,
  gatewaysList,
  configGet,
  systemPresence,
  presenceList,
  presenceJournal,
  systemEvent,
  presenceActivity,
  presenceAnnotate,
  presenceDisconnect,
  presenceRemove,
  nodeEvent,
  nodeList,
  nodePairList,
  devicePairList,
  noticesList,
  noticesAcknowledge,
  noticesMute,
];

/** The operations of a gateway, by name. */
export class OperationRegistry {
  readonly operations: readonly Operation[];
  readonly #byName: ReadonlyMap<string, Operation>;

  /** Throws `TypeError` for two operations of one name, or of one HTTP method and path. */
  constructor(operations: readonly Operation[] = OPERATIONS) {
    this.operations = operations;
    this.#byName = new Map(operations.map((operation) => [operation.name, operation]));
    refuseTwice(operations.map(({ name }) => name));
    refuseTwice(
      operations.flatMap(({ http }) => (http === undefined ? [] : [`${http.method} ${http.path}`])),
    );
  }

  /** Names of all methods, for `hello-ok.features.methods`. */
  get names(): readonly string[] {
    return [...this.#byName.keys()];
  }

  /** The operation of a method, or why the caller may not call it (PW9, PA4, PA5). */
  find(method: string, { role, scopes }: Pick<Caller, 'role' | 'scopes'>): Result<Operation, WireError> {
    const operation = this.#byName.get(method);
    const error = authorizeMethod(method, operation, role, scopes);
    if (error !== undefined) return err(error);
    return operation === undefined ? err(unknownMethod(method)) : ok(operation);
  }
}

function refuseTwice(names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new TypeError(`two operations are ${twice}`);
}
