import { statSync } from 'node:fs';
import type { Instant } from '../../core/index.ts';
import type { PeriodicTask } from './schedule.ts';

/** Time between two polls, milliseconds. */
const pollMs = 1_000;

/**
 * Notices that files were changed, replaced, added or removed, within a second.
 *
 * It polls: events of the operating system are missed when a file is replaced through a link, as certificate tools and container platforms
 * do it, and on network file systems.
 */
export class FileWatch implements PeriodicTask {
  readonly #files: readonly string[];
  readonly #onChange: () => void;
  #stamp: string;
  #dueMonoMs = Number.NEGATIVE_INFINITY;

  constructor(files: readonly string[], onChange: () => void) {
    this.#files = files;
    this.#onChange = onChange;
    this.#stamp = stampOf(files);
  }

  run({ monoMs }: Instant): number | undefined {
    if (this.#files.length === 0) return undefined;
    if (monoMs < this.#dueMonoMs) return this.#dueMonoMs;
    this.#dueMonoMs = monoMs + pollMs;
    const stamp = stampOf(this.#files);
    if (stamp !== this.#stamp) {
      this.#stamp = stamp;
      this.#onChange();
    }
    return this.#dueMonoMs;
  }
}

/** Differs when any of the files is another one, or has other content. */
function stampOf(files: readonly string[]): string {
  return files.map(stampOfFile).join();
}

function stampOfFile(file: string): string {
  try {
    const { ino, size, mtimeNs, mode } = statSync(file, { bigint: true });
    return [ino, size, mtimeNs, mode].join(':');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unreadable';
  }
}
