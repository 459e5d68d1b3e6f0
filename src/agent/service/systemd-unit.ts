import type { ServiceDefinition } from './service-definition.ts';
import { serviceCommand } from './service-definition.ts';
import { SettingError } from './setting-error.ts';

/**
 * The systemd user unit of an agent.
 *
 * A refused agent (exit 1) is tried again every 30 s, as somebody may mend the gateway; wrong flags (exit 2) stay wrong.
 * Throws a SettingError for a Node binary whose path systemd does not accept.
 */
export function renderSystemdUnit(definition: ServiceDefinition): string {
  if (/["'\\]/.test(definition.nodePath)) {
    throw new SettingError(
      `systemd starts no program with quotes or backslashes in its path: ${definition.nodePath}`,
    );
  }
  return `[Unit]
Description=Rollcall agent: reports this computer to a presence gateway
StartLimitIntervalSec=0

[Service]
Type=exec
ExecStart=:${serviceCommand(definition).map(quoteForSystemd).join(' ')}
Restart=on-failure
RestartSec=30
RestartPreventExitStatus=2
NoNewPrivileges=true

[Install]
WantedBy=default.target
`;
}

/** One word of ExecStart with nothing left for systemd to unescape; the colon before the words keeps `$` as it is. */
function quoteForSystemd(word: string): string {
  return `"${word.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%')}"`;
}
