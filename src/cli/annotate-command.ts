import type { InstanceView, ListedRow } from '../core/index.ts';
import { presenceKey } from '../core/index.ts';
import { rowName } from '../viewer/index.ts';
import { type CommandContext, withGateway } from './command-context.ts';
import type { GatewayCall } from './gateway-call.ts';
import type { TargetFlags } from './gateway-target.ts';
import { readPresence } from './presence-reading.ts';
import { misused, ok, type Result, refused } from './result.ts';
import { scopesFor } from './scopes.ts';
import { oneLine } from './text-format.ts';

/** Flags of `rollcall name`. */
export interface NameFlags extends TargetFlags {
  readonly owner?: string;
  readonly note?: string;
}

/** The annotations of a machine, as typed; a blank text removes one. */
export interface AnnotateWords {
  readonly name?: string;
  readonly owner?: string;
  readonly note?: string;
  /** `+LABEL` or `-LABEL`, each. */
  readonly labels?: readonly string[];
}

/** `rollcall name` and `rollcall label`: sets the operator's name and labels of a machine, found by its key, name or host (PO2). */
export async function runAnnotate(
  context: CommandContext,
  typed: string,
  words: AnnotateWords,
  flags: TargetFlags,
): Promise<Result<void>> {
  const change = changeOf(words);
  if (!change.ok) return change;
  return withGateway({
    context,
    flags,
    scopes: [...scopesFor('presence.list'), ...scopesFor('presence.annotate')],
    work: async (call) => {
      if (!call.serves('presence.annotate')) {
        return refused(
          'this gateway keeps no names and labels: it is not a Rollcall gateway of this version',
        );
      }
      const key = await findKey(call, typed);
      if (!key.ok) return key;
      const answer = await call.request('presence.annotate', { key: key.value, ...change.value });
      if (!answer.ok) return answer;
      const { annotations } = answer.value as { annotations: NonNullable<InstanceView['annotations']> };
      context.shell.print(`${oneLine(key.value)}: ${annotationText(annotations)}`);
      return ok(undefined);
    },
  });
}

function changeOf({ name, owner, note, labels = [] }: AnnotateWords): Result<object> {
  const wrong = labels.find((label) => !/^[+-]./.test(label));
  if (wrong !== undefined) {
    return misused(`a label is given by +${wrong} and taken away by -${wrong}: write one of them`);
  }
  const signed = (sign: string): string[] =>
    labels.filter((label) => label.startsWith(sign)).map((label) => label.slice(1));
  return ok({
    ...(name !== undefined && { name }),
    ...(owner !== undefined && { owner }),
    ...(note !== undefined && { note }),
    ...(labels.length > 0 && { addLabels: signed('+'), removeLabels: signed('-') }),
  });
}

/** The one row that has this key, or else this name or host. */
async function findKey(call: GatewayCall, typed: string): Promise<Result<string>> {
  const reading = await readPresence(call);
  if (!reading.ok) return reading;
  const wanted = presenceKey(typed);
  const keyed = reading.value.rows.filter((row): row is ListedRow & { key: string } => row.key !== undefined);
  if (keyed.some(({ key }) => key === wanted)) return ok(wanted ?? '');
  const found = keyed.filter((row) => [rowName(row), row.host].some((name) => presenceKey(name) === wanted));
  const [row] = found;
  if (row === undefined) return refused(`no machine is called ${typed}: rollcall list shows who is there`);
  if (found.length === 1) return ok(row.key);
  const keys = found.map(({ key }) => oneLine(key)).join(', ');
  return refused(`${found.length} instances are called ${typed}: name one by its key (${keys})`);
}

function annotationText({ name, owner, labels, note }: NonNullable<InstanceView['annotations']>): string {
  const parts = [
    name,
    owner && `owner ${owner}`,
    labels && `labels ${labels.join(', ')}`,
    note && `note ${note}`,
  ];
  const known = parts.filter((part) => part !== undefined);
  return known.length === 0 ? 'no annotations' : oneLine(known.join(' · '));
}
