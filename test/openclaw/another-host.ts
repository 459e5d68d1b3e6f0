import { execFileSync } from 'node:child_process';
import type { OpenClawHost } from './openclaw.ts';

/** Another computer on a network with this one. */
export interface AnotherHost extends OpenClawHost {
  remove(): void;
}

/**
 * Makes a network namespace that is joined with this computer by a pair of virtual interfaces.
 *
 * Answers why it cannot be made where that is not permitted; throws for root in continuous integration, where it must be.
 */
export function createAnotherHost(): AnotherHost | string {
  const name = `rc${process.pid}`;
  const [ours, theirs] = [`${name}a`, `${name}b`];
  const network = `10.213.${process.pid % 250}`;
  const ip = (...args: readonly string[]): unknown =>
    execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const inside = (...args: readonly string[]): unknown => ip('-n', name, ...args);
  const remove = (): unknown => ip('netns', 'delete', name);
  try {
    ip('netns', 'add', name);
  } catch (error) {
    if (process.env['CI'] && process.getuid?.() === 0) throw error;
    return 'needs the right to make network namespaces';
  }
  try {
    ip('link', 'add', ours, 'type', 'veth', 'peer', 'name', theirs, 'netns', name);
    ip('address', 'add', `${network}.1/24`, 'dev', ours);
    ip('link', 'set', ours, 'up');
    inside('address', 'add', `${network}.2/24`, 'dev', theirs);
    inside('link', 'set', theirs, 'up');
    inside('link', 'set', 'lo', 'up');
  } catch (error) {
    remove();
    throw error;
  }
  return { address: `${network}.2`, enter: ['ip', 'netns', 'exec', name], remove };
}
