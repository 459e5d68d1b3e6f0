import type { ServiceDefinition } from './service-definition.ts';
import { serviceCommand, serviceDescriptions } from './service-definition.ts';
import { xmlText } from './xml-text.ts';

/** Options of `renderScheduledTask`; `user` is `DOMAIN\name`, whose logon starts the service. */
export interface TaskOptions {
  readonly definition: ServiceDefinition;
  readonly user: string;
}

/**
 * The scheduled task of a user, for `schtasks /Create /XML`.
 *
 * Runs in the logon session, since elsewhere Windows shows no input. `conhost --headless` avoids a console window.
 */
export function renderScheduledTask({ definition, user }: TaskOptions): string {
  const words = ['--headless', ...serviceCommand(definition)].map(quoteForWindows);
  return `<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>${serviceDescriptions[definition.kind]}</Description>
  </RegistrationInfo>
  <Triggers>
    <LogonTrigger>
      <Enabled>true</Enabled>
      <UserId>${xmlText(user)}</UserId>
    </LogonTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>${xmlText(user)}</UserId>
      <LogonType>InteractiveToken</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <RestartOnFailure>
      <Interval>PT1M</Interval>
      <Count>999</Count>
    </RestartOnFailure>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>%SystemRoot%\\System32\\conhost.exe</Command>
      <Arguments>${xmlText(words.join(' '))}</Arguments>
    </Exec>
  </Actions>
</Task>
`;
}

/** One argument as CommandLineToArgvW reads it back: backslashes count double only before a quote. */
export function quoteForWindows(word: string): string {
  if (/^[^\s"]+$/.test(word)) return word;
  const escaped = word.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1');
  return `"${escaped}"`;
}
