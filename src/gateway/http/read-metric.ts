import { Counter, Gauge, type Registry } from 'prom-client';

/** A gauge that is read when somebody asks. */
export function gauge<T extends string>(
  registry: Registry,
  name: string,
  help: string,
  labelNames: readonly T[],
  read: (gauge: Gauge<T>) => void,
): void {
  new Gauge<T>({
    name,
    help,
    labelNames,
    registers: [registry],
    collect() {
      this.reset();
      read(this);
    },
  });
}

/** A counter whose value is kept elsewhere: set anew at every reading. */
export function counter<T extends string>(
  registry: Registry,
  name: string,
  help: string,
  labelNames: readonly T[],
  read: (counter: Counter<T>) => void,
): void {
  new Counter<T>({
    name,
    help,
    labelNames,
    registers: [registry],
    collect() {
      this.reset();
      read(this);
    },
  });
}
