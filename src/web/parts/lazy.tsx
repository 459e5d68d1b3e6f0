import type { ComponentType, VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import laterStyle from '../style/later.css?url';
import { usePage } from './context.tsx';
import type { Closable, WithDialogs } from './dialogs.ts';

/** Loads a component. */
export type LoadPart<Props = object> = () => Promise<ComponentType<Props>>;

/** Parts of the page that the list does not need; each is loaded when it is first opened. */
export const lazyParts: {
  readonly detail: LoadPart<Closable>;
  readonly timeline: LoadPart<Closable>;
  readonly palette: LoadPart<WithDialogs>;
  readonly help: LoadPart<WithDialogs>;
  readonly phone: LoadPart<WithDialogs>;
  readonly filters: LoadPart;
  readonly view: LoadPart;
  readonly settings: LoadPart<WithDialogs>;
  readonly gateways: LoadPart;
  readonly travel: LoadPart;
  readonly signIn: LoadPart;
  readonly noPermission: LoadPart;
  readonly firstClient: LoadPart;
  readonly hints: LoadPart;
  readonly notices: LoadPart;
  readonly chosen: LoadPart;
  readonly order: LoadPart;
  readonly noMatch: LoadPart;
  readonly since: LoadPart;
} = {
  detail: () => import('./detail/detail-panel.tsx').then((part) => part.DetailPanel),
  timeline: () => import('./timeline.tsx').then((part) => part.TimelinePanel),
  palette: () => import('./palette.tsx').then((part) => part.Palette),
  help: () => import('./help.tsx').then((part) => part.Help),
  phone: () => import('./phone.tsx').then((part) => part.Phone),
  filters: () => import('./filter-menu.tsx').then((part) => part.FilterMenu),
  view: () => import('./view-menu.tsx').then((part) => part.ViewMenu),
  settings: () => import('./more-menu.tsx').then((part) => part.MoreMenu),
  gateways: () => import('./gateway-menu.tsx').then((part) => part.GatewayMenu),
  travel: () => import('./time-slider.tsx').then((part) => part.TimeSlider),
  signIn: () => import('./sign-in.tsx').then((part) => part.SignIn),
  noPermission: () => import('./sign-in.tsx').then((part) => part.NoPermission),
  firstClient: () => import('./first-client.tsx').then((part) => part.FirstClient),
  since: () => import('./since-band.tsx').then((part) => part.SinceBand),
  noMatch: () => import('./list/chosen.tsx').then((part) => part.NoMatch),
  chosen: () => import('./list/chosen.tsx').then((part) => part.Chosen),
  order: () => import('./list/chosen.tsx').then((part) => part.OrderNote),
  notices: () => import('./notice-menu.tsx').then((part) => part.NoticesButton),
  hints: () => import('./hints.tsx').then((part) => part.RosterHints),
};

/** Preloads the part that is most likely opened next. */
export function loadLazyParts(): void {
  const { detail, view, palette, help, order } = lazyParts;
  for (const load of [detail, view, palette, help, order]) void load().catch(() => {});
  void import('./commands.ts').catch(() => {});
  void addLaterStyle(document);
}

/**
 * Shows a component whose code is loaded when it is first needed, and nothing until then. `load` is an `import()`, which a
 * browser resolves from memory the second time.
 */
export function Lazy<Props extends object>(props: {
  readonly load: LoadPart<Props>;
  readonly with: Props;
}): VNode | null {
  const { language } = usePage();
  const [loaded, setLoaded] = useState<{ readonly Component: ComponentType<Props> }>();
  useEffect(() => {
    let isWanted = true;
    // An unreachable gateway cannot send the part: it is requested again the next time.
    Promise.all([props.load(), language.loadAll(), addLaterStyle(document)]).then(
      ([Component]) => isWanted && setLoaded({ Component }),
      () => {},
    );
    return () => {
      isWanted = false;
    };
  }, []);
  return loaded === undefined ? null : <loaded.Component {...props.with} />;
}

/** Adds the style sheet of the lazy parts; resolves when it is there. Adding it again does nothing. */
function addLaterStyle(document: Document): Promise<void> {
  if (document.querySelector(`link[href="${laterStyle}"]`) !== null) return Promise.resolve();
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = laterStyle;
  return new Promise((resolve) => {
    link.onload = () => resolve();
    link.onerror = () => resolve();
    document.head.append(link);
  });
}
