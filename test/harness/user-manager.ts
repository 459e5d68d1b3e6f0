import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Result of a command in the session. */
export interface SessionOutcome {
  readonly code: number;
  /** Both outputs. */
  readonly output: string;
}

/** A login session of its own with a systemd user manager; nothing outside of it is read or changed. */
export interface UserSession {
  /** Runs a line of shell. `rollcall` is the built command. */
  run(line: string): Promise<SessionOutcome>;
  /** Ends the manager and with it all services. */
  close(): Promise<void>;
}

const mainFile = fileURLToPath(new URL('../../dist/bin/main.js', import.meta.url));

/** `/run` is replaced in a private mount namespace, where systemd finds the files of a machine that it has booted. */
const setup = `
mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/system /run/session && chmod 700 /run/session || exit 1
export XDG_RUNTIME_DIR=/run/session
rollcall() { "$NODE" "$MAIN" "$@"; }
SYSTEMD_LOG_TARGET=null /usr/lib/systemd/systemd --user >/dev/null 2>&1 &
manager=$!
until systemctl --user is-system-running >/dev/null 2>&1 || ! kill -0 $manager; do sleep 0.05; done
`;
const teardown = 'kill $manager; wait $manager; exit 0\n';

/** Starts a session with this environment. Needs unshare and systemd; as another user than root also user namespaces. */
export async function startUserSession(env: Readonly<Record<string, string>>): Promise<UserSession> {
  const isRoot = process.getuid?.() === 0;
  const shell = spawn('unshare', [...(isRoot ? [] : ['--map-root-user']), '--mount', 'sh'], {
    env: { ...env, NODE: process.execPath, MAIN: mainFile },
  });
  shell.stdout.setEncoding('utf8');
  shell.stdin.write(`exec 2>&1\n${setup}`);
  await runLine(shell, 'systemctl --user is-system-running');
  return {
    run: (line) => runLine(shell, line),
    close: async () => {
      const ended = once(shell, 'close');
      shell.stdin.end(teardown);
      await ended;
    },
  };
}

/** One line at a time: the shell marks the end of each with its exit code. */
function runLine(shell: ChildProcessWithoutNullStreams, line: string): Promise<SessionOutcome> {
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (piece: string): void => {
      output += piece;
      const end = /\n?<exit (\d+)>\n$/.exec(output);
      if (end === null) return;
      shell.off('close', lost);
      shell.stdout.off('data', read);
      resolve({ code: Number(end[1]), output: output.slice(0, end.index) });
    };
    const lost = (): void => reject(new Error(`the session ended: ${output}`));
    shell.once('close', lost);
    shell.stdout.on('data', read);
    shell.stdin.write(`${line}\necho "<exit $?>"\n`);
  });
}
