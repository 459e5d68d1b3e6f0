/** Hands a text to the person as a file. */
export function downloadText(options: {
  readonly name: string;
  readonly type: string;
  readonly text: string;
}): void {
  const { name, type, text } = options;
  const href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement('a');
  link.href = href;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(href));
}
