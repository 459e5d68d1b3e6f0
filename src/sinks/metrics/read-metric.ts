import { Counter, Gauge, type Registry } from 'prom-client';

/** A gauge that is read when somebody asks. */
export function gauge<T extends string>(
  registry: Registry,
  name: string,
  help: string,
  labelNames: readonly T[],
  read: (gauge: Gauge<T>) => void,
): void {
  new Gauge<T>({ name, help, labelNames, ...readWhenAsked(registry, read) });
}

/** A counter whose value is kept elsewhere: set anew at every reading. */
export function counter<T extends string>(
  registry: Registry,
  name: string,
  help: string,
  labelNames: readonly T[],
  read: (counter: Counter<T>) => void,
): void {
  new Counter<T>({ name, help, labelNames, ...readWhenAsked(registry, read) });
}

function readWhenAsked<M extends { reset(): void }>(registry: Registry, read: (metric: M) => void) {
  return {
    registers: [registry],
    collect(this: M) {
      this.reset();
      read(this);
    },
  };
}
