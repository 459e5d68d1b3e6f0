import href from '../style/later.css?url';

/** Adds the style sheet of the later parts; resolves when it is there. Adding it again does nothing. */
export function addLaterStyle(document: Document): Promise<void> {
  if (document.querySelector(`link[href="${href}"]`) !== null) return Promise.resolve();
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = href;
  return new Promise((resolve) => {
    link.onload = () => resolve();
    link.onerror = () => resolve();
    document.head.append(link);
  });
}
