import stringWidth from 'string-width';

/** A screen as a terminal showed it: lines with escape sequences for colours and weights, and how long it stays. */
export interface RecordedScreen {
  readonly lines: readonly string[];
  readonly ms: number;
}

/** Size of one character cell, in pixels. */
const cell = { width: 8.4, height: 19 };
const margin = { side: 14, top: 40, bottom: 14 };

/** Colours of the terminal by SGR code, on `#15181e`. */
const colours: Readonly<Record<number, string>> = {
  ...{ 31: '#ff7b72', 32: '#56d364', 33: '#e3b341', 34: '#79c0ff', 35: '#d2a8ff', 36: '#56d4dd' },
  90: '#8b949e',
};
const foreground = '#dfe3ea';
const background = '#15181e';

/** Style of a part of a line. */
interface Style {
  readonly colour: string | undefined;
  readonly isBold: boolean;
  readonly isDim: boolean;
  readonly isInverse: boolean;
}

const plain: Style = { colour: undefined, isBold: false, isDim: false, isInverse: false };

/** Screens one after the other as an animated SVG; with reduced motion only the first is shown. */
export function terminalSvg(options: {
  readonly screens: readonly RecordedScreen[];
  readonly columns: number;
  readonly rows: number;
  /** Description for screen readers, also the text of the title bar. */
  readonly title: string;
}): string {
  const { screens, columns, rows, title } = options;
  const width = Math.ceil(columns * cell.width + 2 * margin.side);
  const height = rows * cell.height + margin.top + margin.bottom;
  const totalMs = screens.reduce((sum, { ms }) => sum + ms, 0);
  let startMs = 0;
  const rules: string[] = [];
  const groups = screens.map(({ lines, ms }, index) => {
    const [from, to] = [startMs, startMs + ms].map((at) => ((at / totalMs) * 100).toFixed(3));
    startMs += ms;
    const before = index === 0 ? '' : `0%{visibility:hidden}`;
    rules.push(
      `@keyframes s${index}{${before}${from}%{visibility:visible}${to}%{visibility:hidden}100%{visibility:hidden}}`,
      `#s${index}{animation:s${index} ${totalMs}ms step-end infinite${index === 0 ? '' : ';visibility:hidden'}}`,
    );
    return `<g id="s${index}">${lines.map(lineSvg).join('')}</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<style>text{font:14px ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:${foreground};white-space:pre}.b{font-weight:700}.d{opacity:.6}${rules.join('')}@media (prefers-reduced-motion:reduce){g{animation:none!important}}</style>`,
    `<rect width="${width}" height="${height}" rx="8" fill="${background}"/>`,
    ...['#ff5f57', '#febc2e', '#28c840'].map(
      (fill, index) => `<circle cx="${20 + index * 18}" cy="18" r="5.5" fill="${fill}"/>`,
    ),
    `<text x="${width / 2}" y="23" text-anchor="middle" class="d">${escapeXml(title)}</text>`,
    ...groups,
    '</svg>\n',
  ].join('\n');
}

function lineSvg(line: string, row: number): string {
  const y = margin.top + row * cell.height;
  let column = 0;
  return pieces(line)
    .map(({ text, style }) => {
      const x = round(margin.side + column * cell.width);
      const width = stringWidth(text);
      column += width;
      const size = round(width * cell.width);
      const box = style.isInverse
        ? `<rect x="${x}" y="${y}" width="${size}" height="${cell.height}" fill="${style.colour ?? foreground}"/>`
        : '';
      if (text.trim() === '') return box;
      return `${box}<text x="${x}" y="${y + 14}" textLength="${size}" lengthAdjust="spacingAndGlyphs"${attributesOf(style)}>${escapeXml(text)}</text>`;
    })
    .join('');
}

function attributesOf({ colour, isBold, isDim, isInverse }: Style): string {
  const classes = [isBold ? 'b' : '', isDim ? 'd' : ''].filter((name) => name !== '').join(' ');
  const fill = isInverse ? background : colour;
  return `${classes === '' ? '' : ` class="${classes}"`}${fill === undefined ? '' : ` style="fill:${fill}"`}`;
}

/** Splits a line at its escape sequences. */
function pieces(line: string): readonly { readonly text: string; readonly style: Style }[] {
  let style = plain;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: styles are escape sequences
  return line.split(/(\u001b\[[\d;]*m)/).flatMap((part) => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: styles are escape sequences
    const codes = /^\u001b\[([\d;]*)m$/.exec(part)?.[1];
    if (codes === undefined) return part === '' ? [] : [{ text: part, style }];
    for (const code of codes.split(';')) style = styled(style, Number(code));
    return [];
  });
}

function styled(style: Style, code: number): Style {
  if (code === 0) return plain;
  if (code === 1) return { ...style, isBold: true };
  if (code === 2) return { ...style, isDim: true };
  if (code === 7) return { ...style, isInverse: true };
  if (code === 22) return { ...style, isBold: false, isDim: false };
  if (code === 27) return { ...style, isInverse: false };
  if (code === 39) return { ...style, colour: undefined };
  return colours[code] === undefined ? style : { ...style, colour: colours[code] };
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
