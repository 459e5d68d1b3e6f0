const steps: readonly { readonly unit: string; readonly seconds: number }[] = [
  { unit: 'd', seconds: 86_400 },
  { unit: 'h', seconds: 3_600 },
  { unit: 'm', seconds: 60 },
  { unit: 's', seconds: 1 },
];

/** A span of time in its one or two largest units, rounded down: `8s`, `4m 20s`, `3h 5m`, `2d`. */
export function spanText(totalSeconds: number): string {
  const seconds = Math.max(0, Math.floor(totalSeconds));
  const first = steps.findIndex((step) => seconds >= step.seconds);
  if (first === -1) return '0s';
  const [large, small] = [steps[first], steps[first + 1]];
  if (large === undefined) return '0s';
  const head = `${Math.floor(seconds / large.seconds)}${large.unit}`;
  const rest = small === undefined ? 0 : Math.floor((seconds % large.seconds) / small.seconds);
  return rest === 0 || small === undefined ? head : `${head} ${rest}${small.unit}`;
}
