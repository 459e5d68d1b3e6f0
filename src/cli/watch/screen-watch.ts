import type { PresenceClient } from '../../client/index.ts';
import type { GatewayTarget } from '../gateway-target.ts';
import { type Result, refused, success } from '../result.ts';
import { paint, type Shell } from '../shell.ts';
import { drawFrame } from './frame.ts';
import type { Key } from './key.ts';
import { explainRefusal } from './link-text.ts';
import { createScreen } from './screen.ts';
import type { Terminal } from './terminal.ts';
import { firstView, press, type ViewContext, type ViewState, type ViewWish } from './view-state.ts';

/** What a watch on a whole screen is made of. */
export interface ScreenWatchOptions {
  readonly client: PresenceClient;
  readonly target: GatewayTarget;
  readonly shell: Shell;
  readonly terminal: Terminal;
}

/** How often ages are drawn anew, in milliseconds. */
const tickMs = 1_000;

/** Changes are collected so long before they are drawn, in milliseconds. */
const frameMs = 30;

/** Shows the roster live until the person leaves or a stop signal comes, then gives the terminal back. */
export async function watchScreen(options: ScreenWatchOptions): Promise<Result<void>> {
  const { client, target, shell, terminal } = options;
  const view = createLiveView(options);
  let forget = (): void => {};
  const left = new Promise<void>((resolve) => {
    terminal.onKey((key) => {
      const wish = view.press(key);
      if (wish === 'quit') resolve();
      if (wish === 'retry') client.start();
    });
    forget = shell.onStopSignal(() => resolve());
  });
  terminal.onResize(() => view.drawAll());
  client.subscribe(() => view.drawSoon());
  const ticking = setInterval(() => view.draw(), tickMs);
  view.draw();
  client.start();
  await left;
  clearInterval(ticking);
  forget();
  view.close();
  const { state } = client;
  client.stop();
  terminal.close();
  return state.phase === 'refused' ? refused(explainRefusal(state, target)) : success(undefined);
}

/** What is on the screen, and the presses that change it. */
interface LiveView {
  press(key: Key): ViewWish | undefined;
  draw(): void;
  /** Draws once after many changes. */
  drawSoon(): void;
  /** Draws every line, not only those that changed. */
  drawAll(): void;
  close(): void;
}

function createLiveView({ client, target, shell, terminal }: ScreenWatchOptions): LiveView {
  const screen = createScreen(terminal);
  let view: ViewState = firstView;
  let context: ViewContext = { keys: [], pageRows: 1, scrollMax: 0 };
  let soon: NodeJS.Timeout | undefined;
  let isClosed = false;
  const draw = (): void => {
    clearTimeout(soon);
    soon = undefined;
    if (isClosed) return;
    const frame = drawFrame({
      view,
      link: client.state,
      roster: client.roster,
      target,
      size: terminal.size(),
      serverNowMs: client.serverNowMs(),
      localNowMs: shell.nowMs(),
      paint: (style, text) => paint(shell, style, text),
    });
    ({ view, context } = frame);
    screen.draw(frame.lines);
  };
  const drawAll = (): void => {
    screen.invalidate();
    draw();
  };
  return {
    press(key) {
      const { state, wish } = press(view, key, context);
      view = state;
      if (wish === 'redraw') drawAll();
      else draw();
      return wish;
    },
    draw,
    drawSoon() {
      soon ??= setTimeout(draw, frameMs);
    },
    drawAll,
    close() {
      isClosed = true;
      clearTimeout(soon);
    },
  };
}
