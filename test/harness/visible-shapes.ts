import type { Page } from 'playwright-core';

/** A visible icon of the page. */
export interface VisibleShape {
  /** Its classes, to identify it in messages. */
  readonly name: string;
  /** Contrast of its strongest pixel with what is around it (WCAG 2.2), 1 to 21. */
  readonly contrast: number;
  /** Share of its box that is filled, 0 to 1. */
  readonly ink: number;
}

/** Icons and shapes with a meaning: states, the connection, devices, loads, buttons, and the placeholder of the list. */
const drawings = '.status-mark, .badge-mark, .device-icon, .glyph, .meter-bar, .hour svg, .skeleton-row span';

/** Least contrast of an icon with its surroundings (WCAG 1.4.11). */
const leastContrast = 3;

/** Measures every visible icon by its rendered pixels, whatever the style sheet specifies. */
export async function visibleShapes(page: Page): Promise<readonly VisibleShape[]> {
  const screenshot = await page.screenshot({ animations: 'disabled' });
  const base64 = screenshot.toString('base64');
  return page.evaluate(measure, { base64, drawings });
}

/** The icons with too little contrast, one line each. Empty is good. */
export async function invisibleShapes(page: Page): Promise<readonly string[]> {
  const shapes = await visibleShapes(page);
  return shapes
    .filter(({ contrast }) => contrast < leastContrast)
    .map(({ name, contrast }) => `${name} has a contrast of ${contrast.toFixed(1)}`);
}

/** Runs in the page, so that it has a canvas; a bitmap is no image to its content policy. */
async function measure(options: {
  readonly base64: string;
  readonly drawings: string;
}): Promise<readonly VisibleShape[]> {
  const bytes = Uint8Array.from(atob(options.base64), (letter) => letter.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d', {
    willReadFrequently: true,
  });
  if (canvas === null) throw new TypeError('no canvas');
  canvas.drawImage(bitmap, 0, 0);
  const linear = (part: number): number =>
    part <= 10 ? part / 3_294 : ((part / 255 + 0.055) / 1.055) ** 2.4;
  const scale = bitmap.width / innerWidth;
  const luminancesOf = ({ x, y, width, height }: DOMRect): readonly number[] => {
    const [left, top] = [Math.floor(x * scale), Math.floor(y * scale)];
    const { data } = canvas.getImageData(left, top, Math.ceil(width * scale), Math.ceil(height * scale));
    return Array.from({ length: data.length / 4 }, (_, pixel) => {
      const [red = 0, green = 0, blue = 0] = data.subarray(pixel * 4, pixel * 4 + 3);
      return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
    });
  };
  const contrast = (a: number, b: number): number => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  /** Scrolled out of sight inside something that scrolls. */
  const isCutOff = (element: Element, box: DOMRect): boolean => {
    for (let node = element.parentElement; node !== null; node = node.parentElement) {
      const { top, bottom } = node.getBoundingClientRect();
      const isWindow = /auto|scroll/.test(getComputedStyle(node).overflowY);
      if (isWindow && (box.top < top || box.bottom > bottom)) return true;
    }
    return false;
  };
  const isSeen = (element: Element, box: DOMRect): boolean => {
    const { x, y, width, height } = box;
    if (isCutOff(element, box)) return false;
    const isInside = x >= 0 && y >= 0 && x + width <= innerWidth && y + height <= innerHeight;
    const top = width > 0 && isInside ? document.elementFromPoint(x + width / 2, y + height / 2) : null;
    return top !== null && (element.contains(top) || top.contains(element));
  };
  return [...document.querySelectorAll(options.drawings)].flatMap((element) => {
    const box = element.getBoundingClientRect();
    if (!isSeen(element, box)) return [];
    // One pixel more on each side is what is around it.
    const around = new DOMRect(box.x - 1, box.y - 1, box.width + 2, box.height + 2);
    const luminances = luminancesOf(around);
    const [ground = 0] = luminances;
    const contrasts = luminances.map((luminance) => contrast(luminance, ground));
    const strongest = Math.max(...contrasts);
    return {
      name: element.getAttribute('class') ?? element.tagName,
      contrast: strongest,
      ink: contrasts.filter((each) => each > strongest / 2).length / contrasts.length,
    };
  });
}
