import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'rolldown/experimental';
import { describe, expect, it } from 'vitest';
import { type LanguageCode, languageCodes, languages } from './languages.ts';

const wordsOf = async (code: LanguageCode): Promise<object> => ({
  ...(await languages[code].loadFirst()),
  ...(await languages[code].loadLater()),
});
const english = await wordsOf('en');
const others = await Promise.all(
  languageCodes.filter((code) => code !== 'en').map(async (code) => [code, await wordsOf(code)] as const),
);

/** Every text of a catalogue by its path; functions are called with marks in the place of their arguments. */
function texts(catalogue: object, path = ''): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [key, value] of Object.entries(catalogue)) {
    const name = `${path}${key}`;
    if (typeof value === 'string') found[name] = value;
    else if (typeof value === 'function') found[name] = callWithMarks(value);
    else Object.assign(found, texts(value, `${name}.`));
  }
  return found;
}

function callWithMarks(text: (...args: unknown[]) => string): string {
  return /^\(?(_?count)/.test(String(text)) ? text(2, '«1»', '«2»') : text('«0»', '«1»');
}

const marks = (text: string): string[] => [...text.matchAll(/«\d»/g)].map(([mark]) => mark).sort();

describe.each(others)('the catalogue %s', (_code, catalogue) => {
  it('has every text of the English one, and no other', () => {
    expect(Object.keys(texts(catalogue)).sort()).toEqual(Object.keys(texts(english)).sort());
  });

  it('has no empty text and contains every argument that the English text contains', () => {
    const wanted = texts(english);
    for (const [name, text] of Object.entries(texts(catalogue))) {
      expect(text.trim(), name).not.toBe('');
      expect(marks(text), name).toEqual(marks(wanted[name] ?? ''));
    }
  });

  it('is translated: few texts are the same as in English', () => {
    const wanted = texts(english);
    const same = Object.entries(texts(catalogue)).filter(([name, text]) => text === wanted[name]);
    expect(same.length).toBeLessThan(40);
  });
});

interface SyntaxNode {
  readonly type: string;
  readonly [key: string]: unknown;
}

const folder = join(import.meta.dirname, '..');
const components = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.tsx'),
);

/** Attributes that people read or hear. */
const spoken = new Set(['title', 'aria-label', 'placeholder', 'alt', 'label', 'aria-description']);
const letters = /\p{L}{2}/u;

/** Texts for people that stand in a component instead of in the catalogues. */
function hardCoded(source: string, name: string): string[] {
  const found: string[] = [];
  const isText = (node: unknown): node is SyntaxNode =>
    typeof (node as SyntaxNode | null)?.['value'] === 'string' &&
    letters.test(String((node as SyntaxNode)['value']));
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (typeof node !== 'object' || node === null) return;
    const { type } = node as SyntaxNode;
    if (type === 'JSXText' && isText(node)) found.push(String((node as SyntaxNode)['value']).trim());
    if (type === 'JSXElement' || type === 'JSXFragment') {
      for (const child of (node as SyntaxNode)['children'] as SyntaxNode[]) {
        const inner = child['expression'] as SyntaxNode | undefined;
        if (inner?.type === 'Literal' && isText(inner)) found.push(String(inner['value']));
      }
    }
    if (type === 'JSXAttribute') {
      const { name: attribute, value } = node as unknown as { name: { name: string }; value: unknown };
      if (spoken.has(attribute.name) && isText(value)) found.push(`${attribute.name}=${value['value']}`);
    }
    Object.values(node).forEach(visit);
  };
  visit(parseSync(name, source, { lang: 'tsx' }).program);
  return found;
}

describe('components', () => {
  it('a text for people in a component is found', () => {
    expect(hardCoded('<p title="Hello">Hi there {"again"}</p>', 'a.tsx')).toEqual([
      'again',
      'title=Hello',
      'Hi there',
    ]);
  });

  it.each(components)('%s has no text for people of its own', (name) => {
    expect(hardCoded(readFileSync(join(folder, name), 'utf8'), name)).toEqual([]);
  });
});
