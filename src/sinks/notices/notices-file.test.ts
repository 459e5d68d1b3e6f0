import { describe, expect, it } from 'vitest';
import { readNoticesText } from './notices-file.ts';

describe('readNoticesText', () => {
  it('[PN1] names the line of what is wrong', () => {
    const lines = [
      '{',
      '  "rules": [',
      '    {',
      '      "name": "a",',
      '      "when": "left"',
      '    }',
      '  ]',
      '}',
    ];
    expect(readNoticesText(lines.join('\n'))).toMatchObject({
      line: 5,
      problem: expect.stringContaining('/rules/0/when'),
    });
    expect(readNoticesText('{\n "rules" []\n}')).toMatchObject({ line: 2, problem: 'is no JSON here' });
    expect(readNoticesText('{"rules": "default"}')).toEqual({ config: { rules: 'default' } });
  });
});
