import type { Command } from 'commander';
import type { CommandContext } from './command-context.ts';
import type { TargetFlags } from './gateway-target.ts';
import type { Result } from './result.ts';
import { addTarget } from './target-flags.ts';
import type { AddFlags } from './upstream-command.ts';
import type { DiscoverFlags } from './upstream-discover.ts';

/** What the upstream commands are added with; `end` receives the outcome of one. */
export interface UpstreamProgramOptions {
  readonly context: CommandContext;
  readonly end: (result: Result<unknown>) => void;
}

/** Adds `rollcall upstream` with `add`, `list`, `discover`, `test` and `remove`. */
export function addUpstreams(program: Command, { context, end }: UpstreamProgramOptions): void {
  const upstream = program
    .command('upstream')
    .helpCommand(false)
    .description('read other gateways, of OpenClaw or Rollcall, into the roster of this one')
    .addHelpText('after', upstreamHelp);
  upstream
    .command('add')
    .description('connect to a gateway and keep it; waits where the gateway asks for approval')
    .argument('<name>', 'what it is called here, for example home')
    .argument('<url>', 'its address, for example ws://127.0.0.1:18789')
    .option('--token-file <file>', 'file of mode 0600 with its token')
    .option('--password-file <file>', 'file of mode 0600 with its password')
    .option(
      '--device',
      'sign in with a device key, which somebody approves there; needs the secret of the gateway once',
    )
    .option('--ca <file>', 'authority of its certificate, PEM')
    .action(async (name: string, url: string, flags: AddFlags) =>
      end(await (await commands()).addUpstream(context, name, url, flags)),
    );
  addTarget(upstream.command('list').description('show the gateways that are read, and their state'))
    .option('--json', 'as JSON')
    .action(async (flags: TargetFlags & { json?: boolean }) =>
      end(await (await commands()).listUpstreams(context, flags)),
    );
  upstream
    .command('discover')
    .description(
      'find gateways on the network and in the OpenClaw fleet of this computer, with the command that adds each',
    )
    .option('--wait <seconds>', 'how long to listen on the network, up to 60', '3')
    .option('--json', 'as JSON')
    .action(async (flags: DiscoverFlags) =>
      end(await (await import('./upstream-discover.ts')).discoverUpstreams(context, flags)),
    );
  upstream
    .command('test')
    .description('connect to the kept upstreams once, from here (exit code 1: one cannot be read)')
    .argument('[name]', 'one of them; all by default')
    .action(async (name?: string) => end(await (await commands()).testUpstreams(context, name)));
  upstream
    .command('remove')
    .description('remove an upstream and the secrets that were kept for it')
    .argument('<name>', 'its name')
    .action(async (name: string) => end((await commands()).removeUpstream(context, name)));
}

/** Loaded when it is needed: the other commands stay quick. */
const commands = (): Promise<typeof import('./upstream-command.ts')> => import('./upstream-command.ts');

const upstreamHelp = `
Upstreams are kept in upstreams.json in the state folder of this user; the gateway that this user runs follows the file.
The token of an OpenClaw gateway on this computer is found in its own configuration. Else give it as
ROLLCALL_UPSTREAM_TOKEN to add, or by --token-file. OpenClaw on another computer lets only paired devices read:
  rollcall upstream add office wss://office.example.org --device --token-file FILE
  openclaw devices approve REQUEST      on that gateway; add prints the exact command
From then on the device is enough: its own token is kept, the one of the gateway is not.`;
