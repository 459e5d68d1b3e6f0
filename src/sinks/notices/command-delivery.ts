import { spawn } from 'node:child_process';
import type { Send } from './delivery.ts';
import { noticeText } from './notice.ts';
import type { CommandConfig } from './notices-config.ts';

/** Variables that a command gets from the gateway's environment; secrets of the gateway are not among them. */
const passedOn = [
  'PATH',
  'HOME',
  'USER',
  'LANG',
  'LC_ALL',
  'TZ',
  'XDG_RUNTIME_DIR',
  'DBUS_SESSION_BUS_ADDRESS',
  'DISPLAY',
];

/**
 * Runs a program for each message, without a shell: the message as JSON on its standard input, the most important parts as
 * `ROLLCALL_…` variables (PN12). Exit code 0 means delivered. It is killed when it takes too long.
 */
export function commandSend({ command }: CommandConfig): Send {
  const [program = '', ...args] = command;
  return ({ id, message }, signal) =>
    new Promise((resolve) => {
      const { data } = message;
      const child = spawn(program, args, {
        signal,
        killSignal: 'SIGKILL',
        stdio: ['pipe', 'ignore', 'ignore'],
        env: {
          ...Object.fromEntries(
            passedOn.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
          ),
          ROLLCALL_NOTICE_ID: data.noticeId,
          ROLLCALL_MESSAGE_ID: id,
          ROLLCALL_TYPE: message.type,
          ROLLCALL_STATE: data.state,
          ROLLCALL_RULE: data.rule,
          ROLLCALL_SEVERITY: data.severity,
          ROLLCALL_KEY: data.subject.key,
          ROLLCALL_HOST: data.subject.host ?? '',
          ROLLCALL_CAUSE: data.cause?.code ?? '',
          ROLLCALL_TEXT: noticeText(message),
        },
      });
      child.once('error', (error: NodeJS.ErrnoException) =>
        resolve({
          problem: signal.aborted ? 'it took too long' : (error.code ?? error.message),
          retry: true,
        }),
      );
      child.once('exit', (code, killedBy) =>
        resolve(
          code === 0
            ? undefined
            : { problem: code === null ? `ended by ${killedBy}` : `exit code ${code}`, retry: true },
        ),
      );
      child.stdin.on('error', () => {});
      child.stdin.end(`${JSON.stringify(message)}\n`);
    });
}
