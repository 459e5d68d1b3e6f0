import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { launchChromium } from './chromium.ts';
import type { PageFixture } from './page-fixture.ts';
import { type SceneName, startScene } from './page-states.ts';

/** A browser and the server of its pages; present while the tests of the suite run. */
export interface BrowserScene {
  readonly browser: Browser;
  readonly fixture: PageFixture;
}

/** One browser for all tests of the suite in which it is called. Read it in tests only. */
export function useBrowser(): () => Browser {
  let browser: Browser | undefined;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());
  return () => {
    if (browser === undefined) throw new Error('the browser is there in tests only');
    return browser;
  };
}

/** One browser and one scene for all tests of the suite in which it is called. Read them in tests only. */
export function useBrowserScene(name: SceneName): () => BrowserScene {
  let scene: BrowserScene | undefined;
  beforeAll(async () => {
    scene = { browser: await launchChromium(), fixture: await startScene(name) };
  });
  afterAll(async () => {
    await scene?.browser.close();
    await scene?.fixture.close();
  });
  return () => {
    if (scene === undefined) throw new Error('the scene is there in tests only');
    return scene;
  };
}
