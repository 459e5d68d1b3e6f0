import { posix, win32 } from 'node:path';
import { renderLaunchdPlist } from './launchd-plist.ts';
import { renderScheduledTask } from './scheduled-task.ts';
import type { ServiceDefinition } from './service-definition.ts';
import type { ServicePlan } from './service-plan.ts';
import { renderSystemdUnit, renderSystemUnit } from './systemd-unit.ts';

/** Who installs a service, and where. */
export interface ServiceOwner {
  readonly platform: NodeJS.Platform;
  readonly homeFolder: string;
  /** `~/.config` or `XDG_CONFIG_HOME`. */
  readonly configHome: string;
  /** Numeric user id; absent on Windows. */
  readonly uid?: number;
  /** Login name, on Windows with its domain. */
  readonly user: string;
  /** A service of the computer instead of this user; systemd only, for root. */
  readonly isSystem?: boolean;
}

/** The service on the platform of its owner; undefined where no known manager runs such services. */
export function platformService(owner: ServiceOwner, definition: ServiceDefinition): ServicePlan | undefined {
  if (owner.isSystem) return owner.platform === 'linux' ? systemService(definition) : undefined;
  switch (owner.platform) {
    case 'linux':
      return systemdService(owner, definition);
    case 'darwin':
      return launchdService(owner, definition);
    case 'win32':
      return taskService(owner, definition);
    default:
      return undefined;
  }
}

function systemdService(owner: ServiceOwner, definition: ServiceDefinition): ServicePlan {
  return systemdPlan(definition, {
    manager: 'systemd',
    folder: posix.join(owner.configHome, 'systemd', 'user'),
    text: renderSystemdUnit(definition),
    flags: ['--user'],
    hint: `It runs while ${owner.user} is logged in. To keep it running without a login: loginctl enable-linger ${owner.user}`,
  });
}

function systemService(definition: ServiceDefinition): ServicePlan {
  return systemdPlan(definition, {
    manager: 'systemd (system)',
    folder: '/etc/systemd/system',
    text: renderSystemUnit(definition),
    flags: [],
    hint: 'Its token: /var/lib/private/rollcall/gateway-token (root only)',
  });
}

/** What a unit of a user and one of the system have in common. */
function systemdPlan(
  { kind }: ServiceDefinition,
  options: {
    readonly manager: string;
    readonly folder: string;
    readonly text: string;
    /** For `systemctl` and `journalctl`. */
    readonly flags: readonly string[];
    readonly hint: string;
  },
): ServicePlan {
  const { manager, folder, text, flags, hint } = options;
  const unit = `rollcall-${kind}.service`;
  const systemctl = (...args: string[]) => ({ program: 'systemctl', args: [...flags, ...args] });
  return {
    manager,
    files: [{ path: posix.join(folder, unit), text, encoding: 'utf8', mode: 0o644 }],
    install: [systemctl('daemon-reload'), systemctl('enable', unit), systemctl('restart', unit)],
    stop: [{ ...systemctl('disable', '--now', unit), optional: true }],
    forget: [{ ...systemctl('daemon-reload'), optional: true }],
    status: systemctl('show', '--property=ActiveState', '--value', unit),
    isRunning: (outcome) => outcome.ok && outcome.value.trim() === 'active',
    readLog: ['journalctl', ...flags, '--unit', unit].join(' '),
    hint,
  };
}

function launchdService(owner: ServiceOwner, definition: ServiceDefinition): ServicePlan {
  const label = `rollcall.${definition.kind}`;
  const path = posix.join(owner.homeFolder, 'Library', 'LaunchAgents', `${label}.plist`);
  const logFile = posix.join(owner.homeFolder, 'Library', 'Logs', `rollcall-${definition.kind}.log`);
  const domain = `gui/${owner.uid}`;
  const launchctl = (...args: string[]) => ({ program: '/bin/launchctl', args });
  const bootout = { ...launchctl('bootout', `${domain}/${label}`), optional: true } as const;
  return {
    manager: 'launchd',
    files: [
      { path, text: renderLaunchdPlist({ definition, label, logFile }), encoding: 'utf8', mode: 0o644 },
    ],
    install: [bootout, launchctl('bootstrap', domain, path)],
    stop: [bootout],
    forget: [],
    status: launchctl('print', `${domain}/${label}`),
    isRunning: (outcome) => outcome.ok && /^\s*state = running$/m.test(outcome.value),
    readLog: logFile,
  };
}

function taskService(owner: ServiceOwner, definition: ServiceDefinition): ServicePlan {
  const task = `Rollcall ${definition.kind}`;
  const path = win32.join(owner.configHome, 'rollcall', `${definition.kind}-task.xml`);
  const schtasks = (...args: string[]) => ({ program: 'schtasks.exe', args });
  const query = `(Get-ScheduledTask -TaskName '${task}').State`;
  return {
    manager: 'Task Scheduler',
    files: [
      { path, text: renderScheduledTask({ definition, user: owner.user }), encoding: 'utf16le', mode: 0o600 },
    ],
    install: [schtasks('/Create', '/TN', task, '/XML', path, '/F'), schtasks('/Run', '/TN', task)],
    stop: [
      { ...schtasks('/End', '/TN', task), optional: true },
      { ...schtasks('/Delete', '/TN', task, '/F'), optional: true },
    ],
    forget: [],
    status: { program: 'powershell.exe', args: ['-NoProfile', '-NonInteractive', '-Command', query] },
    isRunning: (outcome) => outcome.ok && outcome.value.trim() === 'Running',
    readLog: `${task} in Task Scheduler`,
  };
}
