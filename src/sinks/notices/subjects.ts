import type { Cause } from '../../core/index.ts';
import { newSubject, type Standing, type Subject } from './alert.ts';
import type { NoticedRow } from './notice.ts';

/** All instances and gateways for the rules, by presence key; the number of those that are away is bounded. */
export class Subjects {
  readonly #subjects = new Map<string, Subject>();
  readonly #maxAway: number;
  /** At least as many as are away. */
  #away = 0;

  constructor(maxAway: number) {
    this.#maxAway = maxAway;
  }

  get(key: string): Subject | undefined {
    return this.#subjects.get(key);
  }

  all(): Iterable<Subject> {
    return this.#subjects.values();
  }

  add(row: NoticedRow, standing: Standing): Subject {
    const subject = newSubject(row, standing);
    this.#subjects.set(row.key, subject);
    return subject;
  }

  /** Adds a subject of an earlier run that is not present (yet), or completes one. */
  addAway(row: NoticedRow, cause: Cause | undefined): Subject {
    const known = this.#subjects.get(row.key);
    if (known === undefined) {
      const subject = this.add(row, 'away');
      if (subject.isGateway) subject.standing = 'unknown';
      subject.awayCause = cause;
      this.#away += 1;
      return subject;
    }
    if (Object.keys(known.row).length < Object.keys(row).length) known.row = row;
    known.awayCause = cause ?? known.awayCause;
    return known;
  }

  rename(from: string, to: string): void {
    const subject = this.#subjects.get(from);
    if (subject === undefined || this.#subjects.has(to)) return;
    this.#subjects.delete(from);
    subject.key = to;
    this.#subjects.set(to, subject);
  }

  delete({ key }: Subject): void {
    this.#subjects.delete(key);
  }

  /** Counts one more as away; returns those beyond the bound, the oldest first. */
  countAway(): readonly Subject[] {
    this.#away += 1;
    if (this.#away <= this.#maxAway + this.#maxAway / 4) return [];
    const away = [...this.#subjects.values()].filter(({ standing }) => standing === 'away');
    this.#away = Math.min(away.length, this.#maxAway);
    return away.slice(0, -this.#maxAway);
  }
}
