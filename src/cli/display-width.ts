import { eastAsianWidth } from 'get-east-asian-width';

/** Letters, signs and shapes of one column each, among them none that joins another. */
const narrowOnly = /^[ -~¡-¨ª-¬¯-ʯ‐-‧■-◼◿]*$/;

/** Made when the first text needs it, because Node then loads tables of Unicode: a third of the time of `rollcall list`. */
let unicodeWidth: ((text: string) => number) | undefined;

/**
 * How many columns of a terminal a text without escape sequences takes: two for wide characters and emoji, none for marks and
 * controls. The same as `string-width`, which the tests compare it with.
 */
export function displayWidth(text: string): number {
  if (narrowOnly.test(text)) return text.length;
  unicodeWidth ??= createUnicodeWidth();
  return unicodeWidth(text);
}

function createUnicodeWidth(): (text: string) => number {
  const graphemes = new Intl.Segmenter();
  // Built from text: with a literal Node would load the tables when it parses this file.
  const pattern = (source: string): RegExp => new RegExp(source, 'vs');
  const properties = ['Default_Ignorable_Code_Point', 'Control', 'Format', 'Mn', 'Me', 'Surrogate'];
  const visible = pattern(`[^${properties.map((name) => `\\p{${name}}`).join('')}]`);
  const emoji = pattern('^(\\p{RGI_Emoji}|[\\d#*]\\u20e3)$');
  const joinedPictures = pattern('\\p{Extended_Pictographic}.*\\p{Extended_Pictographic}');
  const takesRoom = pattern('[\\p{Spacing_Mark}\\uff00-\\uffef]');
  const isPicture = (grapheme: string): boolean =>
    emoji.test(grapheme) ||
    (grapheme.length <= 50 && grapheme.includes('\u200d') && joinedPictures.test(grapheme));

  const graphemeWidth = (grapheme: string): number => {
    if (isPicture(grapheme)) return 2;
    const characters = [...grapheme];
    const first = characters.findIndex((character) => visible.test(character));
    if (first < 0) return 0;
    return characters
      .slice(first)
      .filter((character, index) => index === 0 || takesRoom.test(character))
      .reduce((width, character) => width + eastAsianWidth(character.codePointAt(0) ?? 0), 0);
  };
  return (text) => {
    let width = 0;
    for (const { segment } of graphemes.segment(text)) width += graphemeWidth(segment);
    return width;
  };
}
