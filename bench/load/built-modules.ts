import type * as Sinks from '../../src/sinks/index.js';
import type * as Viewer from '../../src/viewer/index.js';

/** Modules of the package that are no entry of it, as they were built. */
export async function builtModules(): Promise<{
  readonly sinks: typeof Sinks;
  readonly viewer: typeof Viewer;
}> {
  const load = (name: string): Promise<unknown> =>
    import(new URL(`../../${name}/index.js`, import.meta.url).href);
  return {
    sinks: (await load('sinks')) as typeof Sinks,
    viewer: (await load('viewer')) as typeof Viewer,
  };
}

/** CPU microseconds of this process, its garbage collector included: what else runs on the machine does not count. */
export function cpuMicrosOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
