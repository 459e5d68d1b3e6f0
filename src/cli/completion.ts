import type { Command } from 'commander';

/** The shells that {@link completionScript} supports. */
export const completionShells = ['bash', 'zsh', 'fish'] as const;

/** A command, its words, and its flags. */
interface CommandWords {
  /** Words from the program on, without it: `token create`. */
  readonly path: string;
  readonly words: readonly { readonly word: string; readonly help: string }[];
}

/** A script that completes commands and flags, made from the commands themselves. */
export function completionScript(program: Command, shell: (typeof completionShells)[number]): string {
  const commands = wordsOf(program, '');
  switch (shell) {
    case 'bash':
      return bashScript(commands);
    case 'zsh':
      return `#compdef rollcall\nautoload -U +X bashcompinit && bashcompinit\n${bashScript(commands)}`;
    case 'fish':
      return fishScript(commands);
  }
}

function wordsOf(command: Command, path: string): readonly CommandWords[] {
  const options = command.options.flatMap(({ long, description }) =>
    typeof long === 'string' ? [{ word: long, help: description }] : [],
  );
  const commands = command.commands.map((child) => ({ word: child.name(), help: child.description() }));
  const inner = command.commands.flatMap((child) => wordsOf(child, `${path} ${child.name()}`.trim()));
  return [{ path, words: [...commands, ...options, { word: '--help', help: 'show help' }] }, ...inner];
}

function bashScript(commands: readonly CommandWords[]): string {
  const cases = commands.map(
    ({ path, words }) => `    '${path}') words='${words.map(({ word }) => word).join(' ')}' ;;`,
  );
  return `_rollcall() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path='' word words=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) ;; *) path="\${path:+$path }$word" ;; esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [ \${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "$current"))
}
complete -F _rollcall rollcall`;
}

function fishScript(commands: readonly CommandWords[]): string {
  const lines = commands.flatMap(({ path, words }) =>
    words.map(({ word, help }) => {
      const when =
        path === '' ? '__fish_use_subcommand' : `__fish_seen_subcommand_from ${path.split(' ').at(-1)}`;
      const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-f -a ${word}`;
      return `complete -c rollcall -n '${when}' ${what} -d '${help.replaceAll("'", "\\'")}'`;
    }),
  );
  return lines.join('\n');
}
