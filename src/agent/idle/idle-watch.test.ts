import { beforeEach, describe, expect, it } from 'vitest';
import type { IdleProbe, MissingSource } from './idle-source.ts';
import { IdleWatch } from './idle-watch.ts';

class FakeProbe implements IdleProbe {
  readonly name: string;
  idle: number | undefined | 'lost' = 0;
  missing: string | undefined;
  opened = 0;
  closed = 0;

  constructor(name: string, missing?: string) {
    this.name = name;
    this.missing = missing;
  }

  async open(): Promise<ReturnType<FakeProbe['source']> | MissingSource> {
    this.opened += 1;
    return this.missing === undefined ? this.source() : { missing: this.missing };
  }

  source() {
    return {
      name: this.name,
      idleSeconds: async () => {
        if (this.idle === 'lost') throw new Error('gone');
        return this.idle;
      },
      close: () => {
        this.closed += 1;
      },
    };
  }
}

let monoMs: number;
let said: string[];

beforeEach(() => {
  monoMs = 0;
  said = [];
});

function watch(...probes: FakeProbe[]): IdleWatch {
  return new IdleWatch({
    probes,
    clock: { now: () => ({ monoMs, wallMs: monoMs }) },
    say: (line) => said.push(line),
    reprobeMs: 1000,
  });
}

describe('IdleWatch', () => {
  it('reads the best source and logs it once', async () => {
    const x11 = new FakeProbe('x11');
    x11.idle = 42;
    const idle = watch(x11);
    expect([await idle.idleSeconds(), await idle.idleSeconds()]).toEqual([42, 42]);
    expect(x11.opened).toBe(1);
    expect(said).toEqual(['last input from x11']);
  });

  it('logs once what is missing, although it probes again', async () => {
    const idle = watch(new FakeProbe('x11', 'DISPLAY is not set'), new FakeProbe('tty'));
    await idle.idleSeconds();
    monoMs = 1000;
    await idle.idleSeconds();
    expect(said).toEqual(['last input from tty; missing: x11 (DISPLAY is not set)']);
  });

  it('moves to a better source when one appears', async () => {
    const x11 = new FakeProbe('x11', 'DISPLAY is not set');
    const tty = new FakeProbe('tty');
    const idle = watch(x11, tty);
    await idle.idleSeconds();
    x11.missing = undefined;
    x11.idle = 5;
    monoMs = 999;
    expect(await idle.idleSeconds()).toBe(0);
    monoMs = 1000;
    expect(await idle.idleSeconds()).toBe(5);
    expect(tty.closed).toBe(1);
    expect(said.at(-1)).toBe('last input from x11');
  });

  it('replaces a source that is lost at once', async () => {
    const x11 = new FakeProbe('x11');
    const tty = new FakeProbe('tty');
    tty.idle = 9;
    const idle = watch(x11, tty);
    await idle.idleSeconds();
    x11.idle = 'lost';
    x11.missing = 'X display :0: connect ECONNREFUSED';
    expect(await idle.idleSeconds()).toBe(9);
    expect(x11.closed).toBe(1);
  });

  it('leaves the value out when nothing works', async () => {
    const idle = watch(new FakeProbe('tty', 'this user has no terminal open'));
    expect(await idle.idleSeconds()).toBeUndefined();
    expect(said).toEqual(['last input is left out: tty (this user has no terminal open)']);
  });

  it('closes its source', async () => {
    const x11 = new FakeProbe('x11');
    const idle = watch(x11);
    await idle.idleSeconds();
    idle.close();
    expect(x11.closed).toBe(1);
  });
});
