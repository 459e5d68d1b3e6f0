import type { Command } from 'commander';

/** A page of the manual, made from the help of a command (roff, section 1). `name` is `rollcall` or `rollcall-token`. */
export function manPage(command: Command, name: string, version: string): string {
  const help = command.createHelp();
  const commands = help.visibleCommands(command).filter((child) => child.name() !== 'help');
  const usage = help.commandUsage(command);
  return [
    `.TH "${name.toUpperCase()}" 1 "" "Rollcall ${version}" "Rollcall"`,
    '.SH NAME',
    `${escaped(name)} \\- ${escaped(command.description())}`,
    '.SH SYNOPSIS',
    escaped(usage),
    ...section(
      'COMMANDS',
      commands.map((child) => [help.subcommandTerm(child), help.subcommandDescription(child)]),
    ),
    ...section(
      'ARGUMENTS',
      help.visibleArguments(command).map((one) => [help.argumentTerm(one), one.description]),
    ),
    ...section(
      'OPTIONS',
      help.visibleOptions(command).map((one) => [help.optionTerm(one), help.optionDescription(one)]),
    ),
    '.SH EXIT STATUS',
    '0 done, 1 refused or unreachable, 2 wrong usage.',
    '',
  ].join('\n');
}

/** All pages of a program, by file name. */
export function manPages(program: Command, version: string): ReadonlyMap<string, string> {
  const pages = new Map([[`${program.name()}.1`, manPage(program, program.name(), version)]]);
  const add = (command: Command, parent: string): void => {
    const name = `${parent}-${command.name()}`;
    pages.set(`${name}.1`, manPage(command, name, version));
    for (const child of command.commands) add(child, name);
  };
  for (const command of program.commands) add(command, program.name());
  return pages;
}

function section(title: string, items: readonly (readonly [string, string])[]): readonly string[] {
  if (items.length === 0) return [];
  return [`.SH ${title}`, ...items.flatMap(([term, text]) => ['.TP', `.B ${escaped(term)}`, escaped(text)])];
}

/** Backslashes, dashes, and dots at the beginning of a line mean something to roff. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/gm, '\\&$1');
}
