/** Properties of a part that can be closed. */
export interface Closable {
  readonly onClose: () => void;
}

/** The dialogs of the page, of which one at most is open. */
export type DialogName = 'help' | 'palette' | 'phone';

/** Properties of a part that opens a dialog. */
export interface WithDialogs extends Closable {
  readonly onDialog: (name: DialogName) => void;
}
