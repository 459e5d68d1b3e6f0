import type { Operation } from './operation.ts';

interface ParamsSchema {
  readonly properties?: Readonly<Record<string, { readonly description?: string }>>;
  readonly required?: readonly string[];
}

/** The page of docs that lists all operations, as Markdown. */
export function operationsPage(operations: readonly Operation[]): string {
  const rows = operations.map(rowOf);
  const sections = operations.flatMap(sectionOf);
  return `${[...introduction, ...rows, '', ...sections].join('\n').trimEnd()}\n`;
}

const introduction = [
  '# Operations',
  '',
  'What a client can ask for. Each is a method over the WebSocket and, where the table says so, a path over HTTP with the same rights,',
  'parameters and answer ([http.md](http.md)); `GET /openapi.json` has the schemas. Refusals are those of [protocol.md](protocol.md).',
  'This page is made from `src/gateway/operations`; a test compares the two.',
  '',
  '| method | what | roles | scope | HTTP |',
  '|---|---|---|---|---|',
];

function rowOf({ name, summary, roles, scope, http }: Operation): string {
  const route = http === undefined ? '—' : `\`${http.method} ${http.path}\``;
  const needed = scope === undefined ? '—' : `\`${scope}\``;
  return `| \`${name}\` | ${summary} | ${roles.join(', ')} | ${needed} | ${route} |`;
}

/** The parameters of an operation that has some, and an example. */
function sectionOf({ name, params, example }: Operation): string[] {
  const { properties, required = [] } = params as ParamsSchema;
  if (properties === undefined && example === undefined) return [];
  const lines = Object.entries(properties ?? {}).map(([word, { description = '' }]) => {
    const must = required.includes(word) ? ', required' : '';
    return `- \`${word}\`${must}${description === '' ? '' : `: ${description}`}`;
  });
  const shown = example === undefined ? [] : ['```json', JSON.stringify(example), '```', ''];
  return [`## \`${name}\``, '', ...lines, ...(lines.length === 0 ? [] : ['']), ...shown];
}
