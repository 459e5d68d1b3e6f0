import type { Instance, InstanceChange, PresenceClient } from '../../client/index.ts';
import type { GatewayTarget } from '../gateway-target.ts';
import { type Result, refused, success } from '../result.ts';
import { nameOf } from '../row-text.ts';
import { paint, type Shell } from '../shell.ts';
import { drawFrame } from './frame.ts';
import type { Key } from './key.ts';
import { explainRefusal } from './link-text.ts';
import { createScreen } from './screen.ts';
import { copyText, type Terminal } from './terminal.ts';
import { askTimeline, type Timeline } from './timeline.ts';
import { firstView, noKeys, press, type ViewContext, type ViewState, type ViewWish } from './view-state.ts';
import { WatchedRows } from './watched-rows.ts';

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
  client.onChanges((changes, renewed) => view.follow(changes, renewed));
  client.onState(() => view.readAll());
  const ticking = setInterval(() => view.tick(), tickMs);
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
  /** Takes changes of the roster; draws once after many. */
  follow(changes: readonly InstanceChange[], renewed: readonly Instance[]): void;
  /** Reads all rows anew: the connection changed. */
  readAll(): void;
  /** The clock went on. */
  tick(): void;
  /** Draws every line, not only those that changed. */
  drawAll(): void;
  close(): void;
}

function createLiveView({ client, target, shell, terminal }: ScreenWatchOptions): LiveView {
  const screen = createScreen(terminal);
  const rows = new WatchedRows();
  let view: ViewState = firstView;
  let context: ViewContext | undefined;
  let timeline: Timeline = { phase: 'loading' };
  let notice: string | undefined;
  let soon: NodeJS.Timeout | undefined;
  let isClosed = false;
  const nowMs = (): number => client.roster.asOfMs ?? client.serverNowMs();
  const draw = (): void => {
    clearTimeout(soon);
    soon = undefined;
    if (isClosed) return;
    const frame = drawFrame({
      view,
      link: client.state,
      roster: client.roster,
      rows,
      get: client.get,
      timeline,
      notice,
      target,
      size: terminal.size(),
      serverNowMs: client.serverNowMs(),
      localNowMs: shell.nowMs(),
      paint: (style, text) => paint(shell, style, text),
    });
    ({ view, context } = frame);
    screen.draw(frame.lines);
  };
  const drawSoon = (): void => {
    soon ??= setTimeout(draw, frameMs);
  };
  const drawAll = (): void => {
    screen.invalidate();
    draw();
  };
  const readAll = (): void => {
    rows.read(client.roster.instances, view, nowMs());
    drawSoon();
  };
  const copy = (): void => {
    const row = view.selectedKey === undefined ? rows.at(0) : client.get(view.selectedKey);
    if (row === undefined) return;
    terminal.write(copyText(JSON.stringify(row, null, 2)));
    notice = `Copied ${nameOf(row)} as JSON (where the terminal allows it).`;
  };
  const readTimeline = async (): Promise<void> => {
    timeline = { phase: 'loading' };
    const wanted = view.timelineOf;
    const answer = await askTimeline(client, wanted);
    if (isClosed || wanted !== view.timelineOf) return;
    timeline = answer;
    draw();
  };
  return {
    press(key) {
      const pressed = press(view, key, context ?? { keys: noKeys, pageRows: 1, scrollMax: 0 });
      const isOther = pressed.state.order !== view.order || pressed.state.filter !== view.filter;
      view = pressed.state;
      notice = undefined;
      if (isOther) rows.read(client.roster.instances, view, nowMs());
      if (pressed.wish === 'copy') copy();
      if (pressed.wish === 'timeline') void readTimeline();
      if (pressed.wish === 'redraw') drawAll();
      else draw();
      return pressed.wish;
    },
    draw,
    follow(changes, renewed) {
      rows.follow(changes, renewed);
      drawSoon();
    },
    readAll,
    tick() {
      rows.tick(client.roster.instances, nowMs());
      draw();
    },
    drawAll,
    close() {
      isClosed = true;
      clearTimeout(soon);
    },
  };
}
