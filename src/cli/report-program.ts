import type { Command } from 'commander';
import type { NameFlags } from './annotate-command.ts';
import { beaconFields } from './beacon-fields.ts';
import type { CallFlags } from './call-command.ts';
import type { TargetFlags } from './gateway-target.ts';
import { addTarget } from './target-flags.ts';
import type { CallProgramOptions } from './view-program.ts';

/** Adds `rollcall beacon`. */
export function addBeacon(program: Command, { context, end }: CallProgramOptions): void {
  const command = program.command('beacon').description('report an instance once (this computer by default)');
  for (const { flag, kind, help } of beaconFields) command.option(`--${flag} <${kind.placeholder}>`, help);
  addTarget(command).action(async (flags: TargetFlags & Record<string, string | undefined>) => {
    const facts = beaconFields.map(({ flag, parameter }) => [parameter, flags[camelCase(flag)]] as const);
    const given = Object.fromEntries(facts.filter(([, value]) => value !== undefined));
    end(await (await import('./beacon-command.ts')).runBeacon(context, flags, given));
  });
}

/** Adds `rollcall name`. */
export function addName(program: Command, { context, end }: CallProgramOptions): void {
  addTarget(
    program.command('name').description('give a machine a name of your own; without a name, remove it'),
  )
    .argument('<key>', 'key, name or host of the machine, as rollcall list shows it')
    .argument('[name...]', 'for example Reception')
    .option('--owner <name>', 'whose it is; "" removes it')
    .option('--note <text>', 'anything else; "" removes it')
    .action(async (key: string, name: readonly string[], flags: NameFlags) => {
      const isOnlyMore = name.length === 0 && (flags.owner ?? flags.note) !== undefined;
      const change = { ...flags, ...(!isOnlyMore && { name: name.join(' ') }) };
      end(await (await import('./annotate-command.ts')).runAnnotate(context, key, change, flags));
    });
}

/** Adds `rollcall label`. */
export function addLabel(program: Command, { context, end }: CallProgramOptions): void {
  addTarget(
    program
      .command('label')
      .description('add labels to a machine and remove them: rollcall label KEY +prod -test')
      .allowUnknownOption(),
  )
    .argument('<key>', 'key, name or host of the machine, as rollcall list shows it')
    .argument('<labels...>', '+LABEL adds one, -LABEL removes one')
    .action(async (key: string, labels: readonly string[], flags: TargetFlags) =>
      end(await (await import('./annotate-command.ts')).runAnnotate(context, key, { labels }, flags)),
    );
}

/** Adds `rollcall call`. */
export function addCall(program: Command, { context, end }: CallProgramOptions): void {
  addTarget(program.command('call').description('call a method of the gateway and print the answer as JSON'))
    .argument('<method>', 'for example health, status, system-presence, config.get')
    .option('--params <json>', 'parameters of the method')
    .action(async (method: string, flags: CallFlags) =>
      end(await (await import('./call-command.ts')).runCall(context, method, flags)),
    );
}

/** Adds `rollcall doctor`. */
export function addDoctor(program: Command, { context, end }: CallProgramOptions): void {
  addTarget(
    program
      .command('doctor')
      .description(
        'check the connection to the gateway and its roster, step by step, and say what to change',
      ),
  ).action(async (flags: TargetFlags) => {
    const problems = await (await import('./doctor-command.ts')).runDoctor(context, flags);
    end(problems, problems.ok && problems.value > 0 ? 1 : 0);
  });
}

function camelCase(flag: string): string {
  return flag.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
