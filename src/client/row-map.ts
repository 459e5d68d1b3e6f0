/** What has a key. */
interface Keyed {
  readonly key: string;
}

/** Rows with one beginning of their hashes, or a branch for each of the next five bits. */
type Node<T> = Leaf<T> | Branch<T>;

interface Leaf<T> {
  readonly rows: readonly T[];
}

interface Branch<T> {
  /** 32 of them. */
  readonly children: readonly Node<T>[];
}

const bitsPerLevel = 5;
const width = 1 << bitsPerLevel;
/** Hashes have 32 bits: below this level rows with the same hash share a leaf of any size. */
const maxShift = 30;
/** A leaf that grows beyond this becomes a branch. */
const maxLeaf = 8;

const nothing: Leaf<never> = { rows: [] };

/**
 * An immutable map of rows by their keys: a hash trie.
 *
 * A change copies one node of each level (four at 100 000 rows) and shares the rest; earlier maps stay as they were.
 */
export class RowMap<T extends Keyed> {
  readonly #root: Node<T>;

  private constructor(root: Node<T>) {
    this.#root = root;
  }

  /** The map of these rows; of rows with the same key any one. */
  static of<T extends Keyed>(rows: readonly T[] = []): RowMap<T> {
    return new RowMap(nodeOf(rows, 0));
  }

  get(key: string): T | undefined {
    let node = this.#root;
    for (let hash = hashOf(key); 'children' in node; hash >>>= bitsPerLevel)
      node = node.children[hash % width] ?? nothing;
    return node.rows.find((row) => row.key === key);
  }

  /** The map with `row`, in place of the one with its key. */
  with(row: T): RowMap<T> {
    return new RowMap(written(this.#root, row.key, row, hashOf(row.key), 0));
  }

  /** The map without the row of this key. */
  without(key: string): RowMap<T> {
    return new RowMap(written(this.#root, key, undefined, hashOf(key), 0));
  }
}

function written<T extends Keyed>(
  node: Node<T>,
  key: string,
  row: T | undefined,
  hash: number,
  shift: number,
): Node<T> {
  if ('children' in node) {
    const index = (hash >>> shift) % width;
    const children = node.children.slice();
    children[index] = written(children[index] ?? nothing, key, row, hash, shift + bitsPerLevel);
    return { children };
  }
  const rows = node.rows.filter((other) => other.key !== key);
  if (row) rows.push(row);
  return rows.length > maxLeaf ? nodeOf(rows, shift) : { rows };
}

function nodeOf<T extends Keyed>(rows: readonly T[], shift: number): Node<T> {
  if (rows.length <= maxLeaf || shift > maxShift) return { rows };
  const parts = Array.from({ length: width }, (): T[] => []);
  for (const row of rows) parts[(hashOf(row.key) >>> shift) % width]?.push(row);
  return { children: parts.map((part) => nodeOf(part, shift + bitsPerLevel)) };
}

/** FNV-1a of the code units, an unsigned number of 32 bits. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1)
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
