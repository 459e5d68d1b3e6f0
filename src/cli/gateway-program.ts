import type { Command } from 'commander';
import type { CommandContext } from './command-context.ts';
import type { GatewayFlags } from './gateway-command.ts';
import type { GatewayParts } from './gateway-parts.ts';
import type { ServiceScope } from './gateway-service-command.ts';
import type { Result } from './result.ts';
import { addSettingFlags, readSettingFlags, settingsHelp } from './setting-flags.ts';

/** What the gateway commands are added with; `end` receives the outcome of one. */
export interface GatewayProgramOptions {
  readonly context: CommandContext;
  readonly loadGateway: () => Promise<GatewayParts>;
  readonly end: (result: Result<unknown>) => void;
}

/** Adds `rollcall gateway` with `install`, `uninstall` and `status`. */
export function addGateway(program: Command, { context, loadGateway, end }: GatewayProgramOptions): void {
  const gateway = program.command('gateway').description('start the gateway; it runs until Ctrl+C');
  addGatewayFlags(gateway)
    .addHelpText('after', settingsHelp)
    .action(async (_, command: Command) => {
      const { runGateway } = await import('./gateway-command.ts');
      end(await runGateway(context, flagsOf(command), loadGateway));
    });
  const install = gateway
    .command('install')
    .description('keep a gateway running as a service of this user, with the settings of now');
  addScope(addGatewayFlags(install)).action(async (_, command: Command) => {
    const { installGateway } = await import('./gateway-service-command.ts');
    end(await installGateway(context, { ...flagsOf(command), ...scopeOf(command) }));
  });
  addScope(
    gateway
      .command('uninstall')
      .description('stop that service and remove its files; tokens and names are kept'),
  ).action(async (_, command: Command) => {
    const { uninstallGateway } = await import('./gateway-service-command.ts');
    end(await uninstallGateway(context, scopeOf(command)));
  });
  addScope(
    gateway
      .command('status')
      .description('show whether that service is installed and runs (exit code 1: it does not run)'),
  ).action(async (_, command: Command) => {
    const { showGatewayService } = await import('./gateway-service-command.ts');
    end(await showGatewayService(context, scopeOf(command)));
  });
}

function addGatewayFlags(command: Command): Command {
  command.option('--config <file>', 'configuration file in JSON (ROLLCALL_CONFIG)');
  addSettingFlags(command);
  return command.option(
    '--upstream <name=url>',
    'read the presence of this gateway too (repeatable); of OpenClaw on this computer the token is found by itself',
    (text: string, before: readonly string[] = []) => [...before, text],
  );
}

function addScope(command: Command): Command {
  return command.option('--system', 'the service of the computer instead of this user (systemd, as root)');
}

function scopeOf(command: Command): ServiceScope {
  return command.opts<ServiceScope>();
}

/** The flags exist on `gateway` and on `gateway install`: both places count. */
function flagsOf(command: Command): GatewayFlags {
  const flags = command.optsWithGlobals<Record<string, string> & { upstream?: readonly string[] }>();
  return {
    settings: readSettingFlags(flags),
    ...(flags.upstream !== undefined && { upstreams: flags.upstream }),
    ...(flags['config'] !== undefined && { configFile: flags['config'] }),
  };
}
