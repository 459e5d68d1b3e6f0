import { useLayoutEffect, useState } from 'preact/hooks';
import { type RowWindow, rowWindow } from './row-window.ts';

/** Follows the window of lines that are seen, while the page scrolls and everything changes its size. */
export function useRowWindow(body: { readonly current: HTMLElement | null }, count: number): RowWindow {
  const [seen, setSeen] = useState<RowWindow>({ start: 0, end: Math.min(count, 40) });
  useLayoutEffect(() => {
    const look = (): void => {
      if (body.current === null) return;
      const { top, height } = body.current.getBoundingClientRect();
      const next = rowWindow({ count, rowPx: height / count, scrolledPx: -top, viewPx: window.innerHeight });
      setSeen((last) => (last.start === next.start && last.end === next.end ? last : next));
    };
    look();
    const sizes = new ResizeObserver(look);
    if (body.current !== null) sizes.observe(body.current);
    window.addEventListener('scroll', look, { passive: true });
    window.addEventListener('resize', look);
    return () => {
      sizes.disconnect();
      window.removeEventListener('scroll', look);
      window.removeEventListener('resize', look);
    };
  }, [count]);
  return seen;
}
