import type { Instance, InstanceChange, PresenceClient } from '../../client/index.ts';
import type { GatewayTarget } from '../gateway-target.ts';
import { ok, type Result, refused } from '../result.ts';
import { nameOf } from '../row-text.ts';
import { paint, type Shell } from '../shell.ts';
import { drawFrame, overviewRows } from './frame.ts';
import type { Key } from './key.ts';
import type { LastVisits } from './last-visit.ts';
import { explainRefusal } from './link-text.ts';
import { leavesIn, type News, noNews, readNews } from './news.ts';
import { type Survey, surveyOf } from './overview.ts';
import { createScreen } from './screen.ts';
import { copyText, type Terminal } from './terminal.ts';
import { readTimeline, type Timeline } from './timeline.ts';
import { firstView, noKeys, press, type ViewContext, type ViewState, type ViewWish } from './view-state.ts';
import { WatchedRows } from './watched-rows.ts';

/** What a watch on a whole screen depends on. */
export interface ScreenWatchOptions {
  readonly client: PresenceClient;
  readonly target: GatewayTarget;
  readonly shell: Shell;
  readonly terminal: Terminal;
  /** When this user last watched each gateway. */
  readonly visits: LastVisits;
  /** Acknowledges a notice with the rights of the same credential; resolves with the result, for the line at the bottom. */
  readonly acknowledge: (noticeId: string) => Promise<string>;
}

/** How often ages are drawn anew, in milliseconds. */
const tickMs = 1_000;

/** News are read again after so many ticks, and no sooner than the second number when somebody came or went. */
const newsTicks = { idle: 15, changed: 2 };

/** Least time between two surveys of all rows, milliseconds. */
const surveyMs = 250;

/** Changes are collected so long before they are drawn, in milliseconds. */
const frameMs = 30;

/** Shows the roster live until the person leaves or a stop signal comes, then gives the terminal back. */
export async function watchScreen(options: ScreenWatchOptions): Promise<Result<void>> {
  const { client, target, shell, terminal, visits } = options;
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
  terminal.onResize(() => view.resize());
  client.onChanges((changes, renewed) => view.follow(changes, renewed));
  client.onState(() => {
    view.readAll();
    if (client.state.phase === 'connected') view.readNews();
  });
  const ticking = setInterval(() => view.tick(), tickMs);
  view.draw();
  client.start();
  await left;
  clearInterval(ticking);
  forget();
  view.close();
  const { state } = client;
  if (view.hasShownRoster) visits.store(target.url, client.roster.asOfMs ?? client.serverNowMs());
  client.stop();
  terminal.close();
  return state.phase === 'refused' ? refused(explainRefusal(state, target)) : ok(undefined);
}

/** The content of the screen, and the key presses that change it. */
interface LiveView {
  /** True when the roster was shown at least once. */
  readonly hasShownRoster: boolean;
  /** Requests the news. */
  readNews(): void;
  press(key: Key): ViewWish | undefined;
  draw(): void;
  /** Applies changes of the roster; draws once after many. */
  follow(changes: readonly InstanceChange[], renewed: readonly Instance[]): void;
  /** Reads all rows anew: the connection changed. */
  readAll(): void;
  /** Updates what depends on the time. */
  tick(): void;
  /** The terminal has another size: draws every line, not only those that changed. */
  resize(): void;
  close(): void;
}

function createLiveView(options: ScreenWatchOptions): LiveView {
  const { client, target, shell, terminal, visits } = options;
  const screen = createScreen(terminal);
  const rows = new WatchedRows();
  let view: ViewState = firstView;
  let context: ViewContext | undefined;
  let timeline: Timeline = { phase: 'loading' };
  let news: News | undefined;
  let gone: readonly Instance[] = [];
  let leaves: ReadonlyMap<string, number> = new Map();
  let ticksSinceNews = 0;
  let hasMoved = false;
  let survey: Survey = { left: [], quiet: [], strained: [] };
  let isSurveyStale = false;
  let surveyedAtMs = Number.NEGATIVE_INFINITY;
  let notice: string | undefined;
  let soon: NodeJS.Timeout | undefined;
  let isClosed = false;
  const leavesOf = (key: string): number => leaves.get(key) ?? 0;
  const nowMs = (): number => client.roster.asOfMs ?? client.serverNowMs();
  /** Surveys all rows: at ticks, and between them at most every `surveyMs`, which bounds the cost for large rosters. */
  const refreshSurvey = (): void => {
    survey = surveyOf(client.roster.instances, nowMs(), leavesOf);
    // A survey of an empty roster does not count: the first list is surveyed at once.
    surveyedAtMs = rows.total === 0 ? Number.NEGATIVE_INFINITY : shell.nowMs();
    isSurveyStale = false;
  };
  const draw = (): void => {
    clearTimeout(soon);
    soon = undefined;
    if (isClosed) return;
    if (isSurveyStale && shell.nowMs() - surveyedAtMs >= surveyMs) refreshSurvey();
    const frame = drawFrame({
      view,
      link: client.state,
      roster: client.roster,
      rows,
      get: (key) => client.get(key) ?? rows.get(key),
      timeline,
      news: news ?? noNews(undefined, nowMs()),
      survey,
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
  /** In sections, where the terminal is high enough for their titles. */
  const readRows = (): void => {
    const hasRoom = terminal.size().rows >= overviewRows;
    const { unfolded } = view;
    const sections = hasRoom ? { unfolded, past: gone, leavesOf } : undefined;
    rows.read(client.roster.instances, { ...view, sections }, nowMs());
  };
  const readAll = (): void => {
    readRows();
    refreshSurvey();
    drawSoon();
  };
  const copy = (): void => {
    const { selectedKey } = view;
    const row = selectedKey === undefined ? rows.at(0) : (client.get(selectedKey) ?? rows.get(selectedKey));
    if (row === undefined) return;
    terminal.write(copyText(JSON.stringify(row, null, 2)));
    notice = `Copied ${nameOf(row)} as JSON (where the terminal allows it).`;
  };
  const openTimeline = async (): Promise<void> => {
    timeline = { phase: 'loading' };
    const wanted = view.timelineOf;
    const answer = await readTimeline(client, wanted);
    if (isClosed || wanted !== view.timelineOf) return;
    timeline = answer;
    draw();
  };
  const readLatest = async (): Promise<void> => {
    news ??= noNews(visits.at(target.url), client.serverNowMs());
    ticksSinceNews = 0;
    hasMoved = false;
    const asked = news;
    const latest = await readNews(client, asked);
    if (isClosed || news !== asked) return;
    news = latest;
    const past = (latest.past ?? []).filter(({ key }) => client.get(key) === undefined);
    const recent = leavesIn(latest, nowMs());
    // It reads all rows, which is expensive with 100 000 of them.
    const isOther = JSON.stringify([past, [...recent]]) !== JSON.stringify([gone, [...leaves]]);
    [gone, leaves] = [past, recent];
    if (isOther) readRows();
    draw();
  };
  const acknowledge = async (): Promise<void> => {
    const { noticeId } = news?.notices[view.noticeIndex] ?? {};
    if (noticeId === undefined) return;
    const outcome = await options.acknowledge(noticeId);
    if (isClosed) return;
    await readLatest();
    notice = outcome;
    draw();
  };
  return {
    get hasShownRoster() {
      return news !== undefined;
    },
    readNews: () => void readLatest(),
    press(key) {
      const nothing = { keys: noKeys, pageRows: 1, noticeCount: 0, scrollMax: 0 };
      const pressed = press(view, key, context ?? nothing);
      const { order, filter, unfolded } = view;
      const { state } = pressed;
      const isOther = state.order !== order || state.filter !== filter || state.unfolded !== unfolded;
      view = pressed.state;
      notice = undefined;
      if (isOther) readRows();
      if (pressed.wish === 'copy') copy();
      if (pressed.wish === 'timeline') void openTimeline();
      if (pressed.wish === 'acknowledge') void acknowledge();
      if (pressed.wish === 'redraw') drawAll();
      else draw();
      return pressed.wish;
    },
    draw,
    follow(changes, renewed) {
      rows.follow(changes, renewed);
      const isMoving = changes.some(isMove);
      hasMoved ||= isMoving;
      isSurveyStale ||= isMoving;
      drawSoon();
    },
    readAll,
    tick() {
      rows.tick(client.roster.instances, nowMs());
      refreshSurvey();
      ticksSinceNews += 1;
      const isDue = ticksSinceNews >= (hasMoved ? newsTicks.changed : newsTicks.idle);
      if (isDue && client.state.phase === 'connected') void readLatest();
      draw();
    },
    resize() {
      readRows();
      drawAll();
    },
    close() {
      isClosed = true;
      clearTimeout(soon);
    },
  };
}

/** Somebody came or went, or has lost or found a connection. */
function isMove(change: InstanceChange): boolean {
  return change.kind !== 'update' || change.instance.disconnectedAtMs !== change.previous.disconnectedAtMs;
}
