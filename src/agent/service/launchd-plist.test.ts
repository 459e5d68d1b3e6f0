import { expect, it } from 'vitest';
import { renderLaunchdPlist } from './launchd-plist.ts';

it('renders the plist, XML escaped', async () => {
  const plist = renderLaunchdPlist({
    label: 'rollcall.agent',
    logFile: '/Users/ada/Library/Logs/rollcall-agent.log',
    definition: {
      kind: 'agent',
      nodePath: '/opt/homebrew/bin/node',
      scriptPath: '/Users/ada/My Tools & "Toys"/<rollcall>/main.js',
      environmentFile: "/Users/ada/o'neill/.config/rollcall/agent.env",
      flags: ['--mode', 'node', '--no-input'],
    },
  });
  await expect(plist).toMatchFileSnapshot('./golden/rollcall.agent.plist');
});
