import { readdirSync, readFileSync } from 'node:fs';

/** Linux reports CPU time in ticks of 10 ms. */
const TICKS_PER_SECOND = 100;
const KIB = 1024;

/** The process and all its descendants. */
export function processTree(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) => childrenOf(pid, thread));
  return [pid, ...children.flatMap(processTree)];
}

/** User and system CPU seconds of a process and its descendants so far, children that have ended included. */
export function cpuSeconds(pid: number): number {
  return sumOverTree(pid, (one) => secondsOf(one, 11, 15));
}

/** User and system CPU seconds of the children of this process that have ended. */
export function endedChildrenCpuSeconds(): number {
  return secondsOf(process.pid, 13, 15);
}

/** The sum of some fields of `/proc/PID/stat`, counted from the one behind the name. */
function secondsOf(pid: number, from: number, to: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(from, to).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_SECOND;
}

/** Resident memory of a process and its descendants, in bytes. */
export function residentBytes(pid: number): number {
  return sumOverTree(pid, (one) => statusBytes(one, 'VmRSS'));
}

/** Highest resident memory of a process and its descendants so far, in bytes. */
export function peakResidentBytes(pid: number): number {
  return sumOverTree(pid, (one) => statusBytes(one, 'VmHWM'));
}

function sumOverTree(pid: number, measure: (pid: number) => number): number {
  return processTree(pid).reduce((sum, one) => sum + measure(one), 0);
}

function childrenOf(pid: number, thread: string): number[] {
  const text = readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}

function statusBytes(pid: number, name: string): number {
  const line = readFileSync(`/proc/${pid}/status`, 'latin1').match(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm'));
  return Number(line?.[1] ?? 0) * KIB;
}
