import { execFile } from 'node:child_process';
import { Bonjour, type Service } from 'bonjour-service';
import type { CommandContext } from './command-context.ts';
import { ok, type Result } from './result.ts';
import { namedStateFolder } from './state-folder.ts';
import { oneLine } from './text-format.ts';
import { type Column, layTable } from './text-table.ts';
import { readUpstreams } from './upstream-store.ts';

/** A gateway that was found. */
export interface FoundGateway {
  /** A name for it here: letters, digits, `.`, `_`, `-`. */
  readonly name: string;
  readonly url: string;
  /** Where it was found: `network` (mDNS), or `fleet` (cells of OpenClaw on this computer). */
  readonly from: 'network' | 'fleet';
  /** The name under which it is stored already. */
  readonly keptAs?: string;
}

export interface DiscoverFlags {
  readonly json?: boolean;
  /** Seconds to listen on the network. */
  readonly wait?: string;
}

/** The service type that OpenClaw gateways announce. */
const serviceType = 'openclaw-gw';
const fleetTimeoutMs = 10_000;
/** Longest answer of `openclaw fleet list` that is read. */
const fleetBytes = 1_048_576;

/**
 * `rollcall upstream discover`: lists gateways of the network and of OpenClaw's fleet here, with the command that adds each (PU17).
 *
 * It adds none: an announcement can contain anything, so a person decides.
 */
export async function discoverUpstreams(
  { shell }: CommandContext,
  flags: DiscoverFlags,
): Promise<Result<void>> {
  const waitMs = Math.min(60, Math.max(0, Number(flags.wait ?? 3) || 0)) * 1_000;
  const complain = (text: string): void => shell.complain(text);
  const [network, fleet] = await Promise.all([browse(waitMs, complain), fleetCells(shell.env, complain)]);
  const kept = keptNames(namedStateFolder(shell));
  const found = distinct([...fleet, ...network]).map((gateway) => {
    const keptAs = kept.get(gateway.url);
    return keptAs === undefined ? gateway : { ...gateway, keptAs };
  });
  if (flags.json === true) shell.print(JSON.stringify(found, undefined, 2));
  else if (found.length === 0)
    shell.print(
      'no gateway found. One that announces nothing is added by its address: rollcall upstream add NAME URL',
    );
  else shell.print(layTable({ columns, rows: found, width: shell.columns }));
  return ok(undefined);
}

const columns: readonly Column<FoundGateway>[] = [
  { title: 'FOUND', cell: ({ name }) => name, dropRank: 2 },
  { title: 'IN', cell: ({ from }) => from, dropRank: 1 },
  {
    title: 'COMMAND',
    cell: ({ name, url, keptAs }) =>
      keptAs === undefined ? `rollcall upstream add ${name} ${url}` : `added already, as ${keptAs}`,
    dropRank: 0,
  },
];

function keptNames(folder: Result<string>): ReadonlyMap<string, string> {
  const kept = folder.ok ? readUpstreams(folder.value) : undefined;
  return new Map(kept?.ok === true ? kept.value.map(({ url, name }) => [url, name]) : []);
}

/** The services announced within the time. */
function browse(waitMs: number, complain: (text: string) => void): Promise<readonly FoundGateway[]> {
  return new Promise((resolve) => {
    const found: FoundGateway[] = [];
    const end = (): void => {
      clearTimeout(timer);
      bonjour.destroy();
      resolve(found);
    };
    const timer = setTimeout(end, waitMs);
    const bonjour = new Bonjour({}, (error: Error) => {
      complain(`the network cannot be searched: ${error.message}`);
      end();
    });
    bonjour.find({ type: serviceType }, (service) => {
      const gateway = announced(service);
      if (gateway !== undefined) found.push(gateway);
    });
  });
}

/** The gateway of an announcement; `undefined` for one without an address or a port. Nothing in it is verified. */
export function announced({
  name,
  port,
  addresses = [],
  txt,
}: Pick<Service, 'name' | 'port' | 'addresses' | 'txt'>): FoundGateway | undefined {
  const hints = (txt ?? {}) as Readonly<Record<string, unknown>>;
  const gatewayPort = Number(hints['gatewayPort'] ?? port);
  const address = addresses.find((one) => /^\d+(\.\d+){3}$/.test(one)) ?? addresses.find(isGlobalIpv6);
  if (address === undefined || !isPort(gatewayPort)) return undefined;
  const host = address.includes(':') ? `[${address}]` : address;
  const scheme = hints['gatewayTls'] === '1' ? 'wss' : 'ws';
  const title = String(hints['displayName'] ?? name);
  return { name: nameOf(title, address), url: `${scheme}://${host}:${gatewayPort}`, from: 'network' };
}

function isGlobalIpv6(address: string): boolean {
  return /^[0-9a-f:]+$/i.test(address) && !/^fe80:/i.test(address);
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port < 65_536;
}

/** Cells that `openclaw fleet list --json` names; none where the command is not installed. */
function fleetCells(
  env: Readonly<Record<string, string | undefined>>,
  complain: (text: string) => void,
): Promise<readonly FoundGateway[]> {
  const options = { env: { ...env }, timeout: fleetTimeoutMs, maxBuffer: fleetBytes };
  return new Promise((resolve) => {
    execFile('openclaw', ['fleet', 'list', '--json'], options, (error, stdout) => {
      if (error === null) return resolve(cellsOf(stdout));
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
        complain(`openclaw fleet list failed: ${oneLine(error.message)}`);
      resolve([]);
    });
  });
}

/** The cells of an answer; items that are no cells are left out. */
export function cellsOf(text: string): readonly FoundGateway[] {
  let cells: unknown;
  try {
    cells = (JSON.parse(text) as { cells?: unknown } | null)?.cells;
  } catch {
    return [];
  }
  if (!Array.isArray(cells)) return [];
  return cells.flatMap((cell: Readonly<Record<string, unknown>> | null) => {
    const port = Number(cell?.['port'] ?? cell?.['hostPort']);
    if (!isPort(port)) return [];
    const name = nameOf(String(cell?.['tenant'] ?? cell?.['tenantId'] ?? ''), `cell-${port}`);
    return [{ name, url: `ws://127.0.0.1:${port}`, from: 'fleet' as const }];
  });
}

/** A name that `upstream add` accepts, and that is safe to paste into a shell. */
function nameOf(title: string, other: string): string {
  const plain = (text: string): string =>
    text
      .toLowerCase()
      .replace(/[^a-z0-9._-]+/g, '-')
      .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
      .slice(0, 64);
  return plain(title) || plain(other) || 'gateway';
}

function distinct(found: readonly FoundGateway[]): readonly FoundGateway[] {
  return [...new Map(found.map((gateway) => [gateway.url, gateway])).values()];
}
