import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { homeFolder, stateHome } from '../../host/index.ts';
import type { KeyValueStore } from '../store.ts';

/** Options of `fileStore`. */
export interface FileStoreOptions {
  /**
   * Folder of the store, made when it is missing, readable by its owner only. By default `rollcall` in `XDG_STATE_HOME`,
   * else `~/.local/state/rollcall`.
   */
  readonly folder?: string;
  /** File name without an ending; `client` by default. Two programs that may run at once need two names. */
  readonly name?: string;
}

/**
 * Keeps values in one JSON file, mode 0600, replaced as a whole at every write.
 *
 * For one program at a time. A file that is damaged is never overwritten: `get` and `set` reject with what to do.
 */
export function fileStore({ folder = stateFolder(), name = 'client' }: FileStoreOptions = {}): KeyValueStore {
  const file = join(folder, `${name}.json`);
  let last: Promise<unknown> = Promise.resolve();
  const set = async (key: string, value: string): Promise<void> => {
    const values = { ...(await readValues(file)), [key]: value };
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await replaceFile(file, `${JSON.stringify(values, null, 2)}\n`);
  };
  return {
    get: async (key) => (await readValues(file))[key],
    set(key, value) {
      const written = last.then(() => set(key, value));
      last = written.catch(() => undefined);
      return written;
    },
  };
}

function stateFolder(): string {
  const home = stateHome(process.env, homeFolder());
  if (home !== undefined) return join(home, 'rollcall');
  throw new TypeError(
    'there is no home folder: give fileStore a folder, or set XDG_STATE_HOME to an absolute path',
  );
}

async function readValues(file: string): Promise<Record<string, string>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
  try {
    return JSON.parse(text) as Record<string, string>;
  } catch (cause) {
    throw new Error(`${file} is damaged; repair it, or remove it to make a new identity`, { cause });
  }
}

async function replaceFile(file: string, text: string): Promise<void> {
  const next = `${file}.next`;
  const handle = await open(next, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(next, file);
}
