import type { ComponentType, VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/**
 * Shows a component whose code is loaded when it is first needed, and nothing until then. `load` is an `import()`, which a
 * browser answers from memory the second time.
 */
export function Later<Props extends object>(props: {
  readonly load: () => Promise<ComponentType<Props>>;
  readonly with: Props;
}): VNode | null {
  const [loaded, setLoaded] = useState<{ readonly Component: ComponentType<Props> }>();
  useEffect(() => {
    let isWanted = true;
    void props.load().then((Component) => isWanted && setLoaded({ Component }));
    return () => {
      isWanted = false;
    };
  }, []);
  return loaded === undefined ? null : <loaded.Component {...props.with} />;
}
