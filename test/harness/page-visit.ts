import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { testToken } from './connect-params.ts';

/** A visit to the page in a browser profile of its own. */
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Problems that the browser reported: errors of scripts, refused by the policy, failed loads. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** Opens `url` in a browser profile of its own; signed in by the fragment unless `signedIn` is false. */
export async function visit(
  browser: Browser,
  url: string,
  options: BrowserContextOptions & { readonly signedIn?: boolean } = {},
): Promise<Visit> {
  const { signedIn = true, ...contextOptions } = options;
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: 'en-US',
    ...contextOptions,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    // The browser logs a gateway that is down; the page shows that itself.
    if (message.type() === 'error' && !/WebSocket|ERR_CONNECTION/.test(message.text()))
      complaints.push(message.text());
  });
  await page.goto(signedIn ? `${url}#token=${testToken}` : url);
  return { page, context, complaints, close: () => context.close() };
}

/** The row of an instance. */
export function rowOf(page: Page, key: string): ReturnType<Page['locator']> {
  return page.locator(`[role=row][data-key="${key}"]`);
}
