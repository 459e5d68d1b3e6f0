import { expect, it } from 'vitest';
import { settingsPage, settingsSchema } from './settings-document.ts';

// After a change of the table: npx vitest run src/cli/settings-document --update
it('docs/settings.md is the table of settings', async () => {
  await expect(settingsPage()).toMatchFileSnapshot('../../docs/settings.md');
});

it('docs/config.schema.json is the table of settings', async () => {
  await expect(`${JSON.stringify(settingsSchema(), null, 2)}\n`).toMatchFileSnapshot(
    '../../docs/config.schema.json',
  );
});
