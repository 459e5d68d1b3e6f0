import { expect, it } from 'vitest';
import { terminalSvg } from './terminal-svg.ts';

it('shows the screens one after the other, with their colours, in cells of one width', () => {
  const svg = terminalSvg({
    screens: [
      { lines: ['\u001b[1mbold\u001b[0m \u001b[32m● on\u001b[39m <&>', '東京'], ms: 1_000 },
      { lines: ['\u001b[7mchosen\u001b[27m'], ms: 3_000 },
    ],
    columns: 20,
    rows: 2,
    title: 'A & B',
  });
  expect(svg).toContain('<title>A &amp; B</title>');
  expect(svg).toContain('class="b">bold</text>');
  expect(svg).toContain('style="fill:#56d364">● on</text>');
  expect(svg).toContain('&lt;&amp;&gt;</text>');
  expect(svg).toMatch(/textLength="33.6"[^>]*>東京/);
  expect(svg).toMatch(/<rect x="14" y="40" width="50.4"[^>]*fill="#dfe3ea"\/><text[^>]*>chosen/);
  expect(svg).toContain('@keyframes s1{0%{visibility:hidden}25.000%{visibility:visible}');
  expect(svg).toContain('prefers-reduced-motion');
});
