import { type TSchema, Type } from 'typebox';
import { ANNOTATION_BOUNDS, type AnnotationChange, presenceKey } from '../../core/index.ts';
import { AnnotationsSchema, invalidParams, optional, unknownInstance } from '../../protocol/index.ts';
import { maxAnnotated } from '../annotations/operator-annotations.ts';
import { answer, defineOperation, type Operation, refuse } from './operation.ts';
import { done, type KeyParams, keyParams } from './schemas.ts';

const { name, owner, note, label, labels } = ANNOTATION_BOUNDS;
// No control characters: annotations are shown in terminals and logs.
const oneLine = '^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]*$';
const lines = '^[^\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f]*$';
const orNull = (schema: TSchema, description: string): TSchema =>
  optional(Type.Union([schema, Type.Null()], { description }));
const text = (maxLength: number, pattern: string, description: string): TSchema =>
  orNull(Type.String({ maxLength, pattern }), `${description}; null or blank takes it back.`);
const mark = (description: string): TSchema => orNull(Type.Boolean(), description);
const labelList = Type.Array(Type.String({ maxLength: label, pattern: oneLine }), { maxItems: labels });

const params = Type.Object(
  {
    ...(keyParams as unknown as { properties: Readonly<Record<string, TSchema>> }).properties,
    name: text(name, oneLine, 'What people call it'),
    owner: text(owner, oneLine, 'Whose it is'),
    note: text(note, lines, 'Anything else'),
    labels: orNull(labelList, 'All labels anew.'),
    addLabels: optional({ ...labelList, description: 'Labels beside those that it has.' }),
    removeLabels: optional({ ...labelList, description: 'Labels that it has no more.' }),
    pin: mark('Shown first.'),
    mute: mark('Never asks for attention.'),
    expected: mark('Missed when it is not there.'),
  },
  { additionalProperties: false },
);

export const presenceAnnotate: Operation = defineOperation<KeyParams & AnnotationChange>({
  name: 'presence.annotate',
  summary: 'Says what the operator calls a machine, whose it is and so on; what is not named stays (PO1)',
  roles: ['operator'],
  scope: 'operator.admin',
  params,
  result: done({ annotations: AnnotationsSchema }),
  example: { key: 'bystander', name: 'Reception', addLabels: ['front desk'] },
  http: { method: 'PATCH', path: '/api/v1/presence/{key}/annotations' },
  handle({ key: given, ...change }, _, { presence, annotate }) {
    const view = presence.get(presenceKey(given) ?? '');
    if (view === undefined) return refuse(unknownInstance(given));
    const count = new Set([...(view.annotations?.labels ?? []), ...(change.addLabels ?? [])]).size;
    if (change.labels === undefined && count - (change.removeLabels?.length ?? 0) > labels) {
      return problem('/addLabels', `must leave it at most ${labels} labels`);
    }
    const annotations = annotate(view, change);
    if (annotations === undefined) {
      return problem(
        '/key',
        `must be a machine that is annotated already: ${maxAnnotated} are, and no more fit`,
      );
    }
    return answer({ ok: true, annotations });
  },
});

function problem(path: string, what: string): ReturnType<typeof refuse> {
  return refuse(invalidParams('presence.annotate', { path, what }));
}
