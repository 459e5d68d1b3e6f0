import type { ClientInfo } from '../../client/index.ts';
import type { KeyValues } from './storage.ts';

const idKey = 'instanceId';

/** The facts that this page reports of itself. One browser is one instance, however many tabs it has open. */
export function ownInstance(
  userAgent: string,
  kept: KeyValues,
): ClientInfo & { readonly instanceId: string } {
  const { browser, platform } = browserOf(userAgent);
  return {
    id: 'rollcall-page',
    mode: 'viewer',
    displayName: `Rollcall · ${browser}`,
    platform,
    deviceFamily: 'Browser',
    instanceId: keptId(kept),
  };
}

/** Tokens of user agent strings, and the names they stand for; the first match counts, because most browsers contain tokens of others. */
const browsers = 'Edg=Edge OPR=Opera Firefox=Firefox FxiOS=Firefox CriOS=Chrome Chrome=Chrome Safari=Safari';
const systems = 'iPad=iPadOS iPhone=iOS Android=Android CrOS=ChromeOS Mac=macOS Windows=Windows Linux=Linux';

/** Names the browser and the system of a user agent string; `web` when unknown. */
export function browserOf(userAgent: string): { readonly browser: string; readonly platform: string } {
  const nameIn = (signs: string): string =>
    signs
      .split(' ')
      .map((sign) => sign.split('='))
      .find(([sign = '']) => userAgent.includes(sign))?.[1] ?? 'web';
  return { browser: nameIn(browsers), platform: nameIn(systems) };
}

/** `crypto.randomUUID` is missing in pages that were not loaded by https. */
function keptId(kept: KeyValues): string {
  const known = kept.get(idKey);
  if (known !== undefined) return known;
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const id = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  kept.set(idKey, id);
  return id;
}
