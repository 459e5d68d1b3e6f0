import type { IdleProbe } from './idle-source.ts';
import { wholeSeconds } from './idle-source.ts';

/** The two Windows calls that idle time needs. Both count milliseconds since the start of Windows, modulo 2^32. */
export interface LastInputApi {
  /** `GetLastInputInfo`: tick of the last input in this logon session, or undefined when the call fails. */
  lastInputTick(): number | undefined;
  /** `GetTickCount`. */
  tickCount(): number;
}

/**
 * Idle time on Windows. It is that of the logon session the agent runs in: a service without a desktop sees none.
 *
 * `load` opens the system libraries (`loadLastInputApi`).
 */
export function windowsLastInput(load: () => Promise<LastInputApi>): IdleProbe {
  return {
    name: 'windows-last-input',
    open: async () => {
      const api = await load();
      const idleSeconds = async (): Promise<number> => readIdleSeconds(api);
      await idleSeconds();
      return { name: 'windows-last-input', idleSeconds, close: () => undefined };
    },
  };
}

function readIdleSeconds(api: LastInputApi): number {
  const lastInput = api.lastInputTick();
  if (lastInput === undefined) throw new Error('GetLastInputInfo failed: no desktop in this logon session');
  // Both ticks wrap every 49.7 days; unsigned subtraction stays right across the wrap.
  return wholeSeconds((api.tickCount() - lastInput) >>> 0);
}

/** Two 32-bit numbers; Windows refuses a structure of another size. */
const structSizeBytes = 8;

/** Opens user32 and kernel32 through koffi, which is installed apart; rejects with what to do where it is absent. */
export async function loadLastInputApi(): Promise<LastInputApi> {
  const { default: koffi } = await import('koffi').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new Error('koffi is not installed beside rollcall: npm install --global koffi');
  });
  const info = koffi.inout(koffi.pointer(koffi.struct({ cbSize: 'uint32', dwTime: 'uint32' })));
  const getLastInputInfo = koffi.load('user32.dll').func('__stdcall', 'GetLastInputInfo', 'int', [info]);
  const getTickCount = koffi.load('kernel32.dll').func('__stdcall', 'GetTickCount', 'uint32', []);
  return {
    lastInputTick: () => {
      const answer = { cbSize: structSizeBytes, dwTime: 0 };
      return getLastInputInfo(answer) === 0 ? undefined : answer.dwTime;
    },
    tickCount: () => getTickCount(),
  };
}
