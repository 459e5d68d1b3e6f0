import type { ServiceDefinition } from './service-definition.ts';
import { serviceCommand } from './service-definition.ts';
import { xmlText } from './xml-text.ts';

/** Options of `renderLaunchdPlist`. */
export interface PlistOptions {
  readonly definition: ServiceDefinition;
  /** Name of the service for launchctl. */
  readonly label: string;
  /** File of the agent's output. */
  readonly logFile: string;
}

/** The launchd agent of a user: runs in the login session, where the input is, and is restarted when it fails. */
export function renderLaunchdPlist({ definition, label, logFile }: PlistOptions): string {
  const words = serviceCommand(definition).map((word) => `    <string>${xmlText(word)}</string>`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${xmlText(label)}</string>
  <key>ProgramArguments</key>
  <array>
${words.join('\n')}
  </array>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>ThrottleInterval</key>
  <integer>30</integer>
  <key>ProcessType</key>
  <string>Background</string>
  <key>StandardOutPath</key>
  <string>${xmlText(logFile)}</string>
  <key>StandardErrorPath</key>
  <string>${xmlText(logFile)}</string>
</dict>
</plist>
`;
}
