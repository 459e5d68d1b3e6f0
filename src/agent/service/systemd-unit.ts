import type { ServiceDefinition } from './service-definition.ts';
import { SettingError, serviceCommand, serviceDescriptions } from './service-definition.ts';

/**
 * The systemd user unit of a service.
 *
 * A service that ends with exit code 1 is restarted every 30 s, because the gateway may be corrected meanwhile; wrong flags (exit 2) end it.
 * Throws a SettingError for a Node binary whose path systemd does not accept.
 */
export function renderSystemdUnit(definition: ServiceDefinition): string {
  refuseQuotes(definition.nodePath);
  return `[Unit]
Description=${serviceDescriptions[definition.kind]}
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

/**
 * The systemd system unit of a gateway: a user of its own that systemd makes, nothing to write but the state folder, no capabilities.
 *
 * systemd itself reads the environment file, which only root can. Throws a SettingError as {@link renderSystemdUnit} does.
 */
export function renderSystemUnit(definition: ServiceDefinition): string {
  const { kind, nodePath, scriptPath, environmentFile, flags } = definition;
  const words = [nodePath, scriptPath, kind, ...flags];
  refuseQuotes(nodePath);
  return `[Unit]
Description=${serviceDescriptions[kind]}
After=network-online.target
Wants=network-online.target

[Service]
Type=exec
ExecStart=:${words.map(quoteForSystemd).join(' ')}
EnvironmentFile=-${environmentFile}
Environment=NODE_ENV=production XDG_STATE_HOME=/var/lib
StateDirectory=rollcall
StateDirectoryMode=0700
DynamicUser=yes
Restart=on-failure
RestartSec=2
RestartPreventExitStatus=2
TimeoutStopSec=15
LimitNOFILE=65536
CapabilityBoundingSet=
LockPersonality=yes
NoNewPrivileges=yes
PrivateDevices=yes
PrivateTmp=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHome=read-only
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectSystem=strict
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
UMask=0077

[Install]
WantedBy=multi-user.target
`;
}

function refuseQuotes(nodePath: string): void {
  if (!/["'\\]/.test(nodePath)) return;
  throw new SettingError(`systemd starts no program with quotes or backslashes in its path: ${nodePath}`);
}

/** One word of ExecStart with nothing left for systemd to unescape; the colon before the words keeps `$` as it is. */
function quoteForSystemd(word: string): string {
  return `"${word.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%')}"`;
}
