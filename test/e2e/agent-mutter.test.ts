import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import * as dbus from '@homebridge/dbus-native';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { requirePrograms } from '../harness/required-program.ts';
import { type CommandHome, createCommandHome, runRollcall } from '../harness/rollcall-process.ts';

/** The part of the package that its types leave out. */
interface ServiceBus {
  exportInterface(answers: object, path: string, description: object): void;
  requestName(name: string, flags: number, done: (error: unknown) => void): void;
}
const { sessionBus } = dbus as unknown as { sessionBus: (options: { busAddress: string }) => ServiceBus };

let home: CommandHome;
let daemon: ChildProcess | undefined;

beforeEach(() => {
  home = createCommandHome();
});

afterEach(async () => {
  const ended = daemon && once(daemon, 'close');
  daemon?.kill();
  await ended;
  daemon = undefined;
  home.remove();
});

/** A session bus of its own; its address. */
async function startBus(): Promise<string> {
  const address = `--address=unix:dir=${home.folder}`;
  daemon = spawn('dbus-daemon', ['--session', '--nofork', '--print-address=1', address]);
  const [line] = await once(daemon.stdout as Readable, 'data');
  return String(line).trim();
}

/** Answers as the compositor of GNOME does (org.gnome.Mutter.IdleMonitor). */
async function serveIdleTime(busAddress: string, idleMs: number): Promise<void> {
  const name = 'org.gnome.Mutter.IdleMonitor';
  const bus = sessionBus({ busAddress });
  const methods = { GetIdletime: ['', 't', [], ['idletime']] };
  bus.exportInterface({ GetIdletime: () => idleMs }, '/org/gnome/Mutter/IdleMonitor/Core', { name, methods });
  await new Promise<void>((resolve, reject) => {
    bus.requestName(name, 0, (error) => (error ? reject(error) : resolve()));
  });
}

function preview(busAddress: string) {
  const session = { WAYLAND_DISPLAY: 'wayland-0', DISPLAY: ':0', DBUS_SESSION_BUS_ADDRESS: busAddress };
  return runRollcall(['agent', '--dry-run'], { ...home.env, ...session });
}

it('reads the last input of a GNOME session on Wayland', async (context) => {
  requirePrograms(context, 'dbus-daemon', 'busctl');
  const address = await startBus();
  await serveIdleTime(address, 61_999);
  const { stdout, stderr } = await preview(address);
  expect(JSON.parse(stdout).lastInputSeconds).toBe(61);
  expect(stderr).toContain('last input from mutter; missing: x11 (this is a Wayland session');
});

it('reports a session that is not one of GNOME', async (context) => {
  requirePrograms(context, 'dbus-daemon', 'busctl');
  const { stderr } = await preview(await startBus());
  expect(stderr).toMatch(/mutter \(busctl: Call failed: .*org\.gnome\.Mutter\.IdleMonitor/);
});
