import type { Instant } from '../../core/index.ts';
import { matches } from '../../viewer/index.ts';
import type { NoticedRow } from './notice.ts';
import type { CompiledRule, NoticeEvent } from './notice-rule.ts';

/** The rules in force, by what they wait for. */
export class RuleSet {
  #rules: readonly CompiledRule[];
  #byEvent: ReadonlyMap<NoticeEvent, readonly CompiledRule[]>;

  constructor(rules: readonly CompiledRule[]) {
    this.#rules = rules;
    this.#byEvent = rulesByEvent(rules);
  }

  /** Rules that wait for an event; those about use are found together, at `idle`. */
  of(event: NoticeEvent): readonly CompiledRule[] {
    return this.#byEvent.get(event) ?? [];
  }

  byName(): ReadonlyMap<string, CompiledRule> {
    return new Map(this.#rules.map((rule) => [rule.name, rule] as const));
  }

  has(rule: CompiledRule): boolean {
    return this.#rules.includes(rule);
  }

  /** Puts other rules in force; an existing rule stays when the new one is equal. */
  replace(rules: readonly CompiledRule[]): void {
    const known = new Map(this.#rules.map((rule) => [JSON.stringify(rule.source), rule] as const));
    this.#rules = rules.map((rule) => known.get(JSON.stringify(rule.source)) ?? rule);
    this.#byEvent = rulesByEvent(this.#rules);
  }
}

/** True when a rule is about a row (PN2). */
export function fits({ who }: CompiledRule, row: NoticedRow, now: Instant): boolean {
  return who.terms.length === 0 || matches(who, row, { nowMs: now.wallMs });
}

function rulesByEvent(rules: readonly CompiledRule[]): ReadonlyMap<NoticeEvent, readonly CompiledRule[]> {
  const byEvent = new Map<NoticeEvent, CompiledRule[]>();
  for (const rule of rules) {
    const event = rule.when === 'in-use' ? 'idle' : rule.when;
    byEvent.set(event, [...(byEvent.get(event) ?? []), rule]);
  }
  return byEvent;
}
