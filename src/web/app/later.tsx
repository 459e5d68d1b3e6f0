import type { ComponentType, VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { addLaterStyle } from './later-style.ts';
import { usePage } from './page-context.tsx';

/**
 * Shows a component whose code is loaded when it is first needed, and nothing until then. `load` is an `import()`, which a
 * browser answers from memory the second time.
 */
export function Later<Props extends object>(props: {
  readonly load: () => Promise<ComponentType<Props>>;
  readonly with: Props;
}): VNode | null {
  const [loaded, setLoaded] = useState<{ readonly Component: ComponentType<Props> }>();
  const { language } = usePage();
  useEffect(() => {
    let isWanted = true;
    // A gateway that is away cannot send the part: it is asked again the next time.
    Promise.all([props.load(), language.loadLater(), addLaterStyle(document)]).then(
      ([Component]) => isWanted && setLoaded({ Component }),
      () => {},
    );
    return () => {
      isWanted = false;
    };
  }, []);
  return loaded === undefined ? null : <loaded.Component {...props.with} />;
}
