import { expect, it } from 'vitest';
import { useBrowser } from '../harness/browser-scene.ts';
import { describeInBrowser } from '../harness/chromium.ts';
import { startPageFixture } from '../harness/page-fixture.ts';
import { rowOf, visit } from '../harness/page-visit.ts';

const attic = { id: 'node-host', mode: 'node', instanceId: 'attic', displayName: 'attic' } as const;

describeInBrowser('the roster as it was', () => {
  const browser = useBrowser();

  it('[PJ9] shows a moment of the journal, goes from event to event, by slider and by address, and back to now', async () => {
    const fixture = await startPageFixture();
    const startedMs = Date.now() + 1;
    fixture.clock.moveOn(5_000);
    const client = await fixture.connect(attic, { role: 'node', scopes: [] });
    fixture.clock.moveOn(120_000);
    client.stop();
    const { page, close } = await visit(browser(), fixture.url);
    await rowOf(page, 'attic').locator('.state-disconnected').waitFor();
    fixture.clock.moveOn(60_000);

    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('button', { name: 'Go back in time' }).click();
    await page.locator('.badge-past').waitFor();
    const slider = page.getByRole('slider', { name: 'Moment shown' });
    // A minute ago it was still there.
    const steps = Number(await slider.getAttribute('max'));
    await slider.fill(String(Math.round(steps / 2)));
    await rowOf(page, 'attic').locator('.state-online').waitFor();
    await expect.poll(() => page.locator('.card-left .sum-value').innerText()).toBe('0');
    const at = new URL(page.url()).searchParams.get('at') ?? '';
    expect(Date.parse(at)).toBeLessThan(Date.now() + 180_000);

    await page.getByRole('button', { name: 'Next event' }).click();
    await rowOf(page, 'attic').locator('.state-disconnected').waitFor();
    await page.getByRole('button', { name: 'Back to now' }).click();
    await page.locator('.badge-live').waitFor();
    expect(new URL(page.url()).searchParams.get('at')).toBeNull();

    await page.goto(`${fixture.url}?at=${at}`);
    await rowOf(page, 'attic').locator('.state-online').waitFor();
    // A moment at which the gateway was alone is no reason to explain how a first client connects.
    await page.goto(`${fixture.url}?at=${new Date(startedMs).toISOString()}`);
    await page.locator('[data-key^="section"]').first().waitFor();
    expect(await rowOf(page, 'attic').count()).toBe(0);
    await page.waitForLoadState('networkidle');
    expect(await page.locator('.first-client').count()).toBe(0);
    await page.goto(`${fixture.url}?at=2001-01-01T00:00:00Z`);
    await page.getByText('can’t show this moment').waitFor();
    await expect.poll(() => page.locator('.card-online .sum-value').innerText()).toBe('–');
    await close();
    await fixture.close();
  });
});
