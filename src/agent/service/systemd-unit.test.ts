import { expect, it } from 'vitest';
import { SettingError } from './service-definition.ts';
import { renderSystemdUnit, renderSystemUnit } from './systemd-unit.ts';

it('renders the unit', async () => {
  const unit = renderSystemdUnit({
    kind: 'agent',
    nodePath: '/usr/bin/node',
    scriptPath: '/usr/lib/node_modules/rollcall/dist/cli/main.js',
    environmentFile: '/home/ada/.config/rollcall/agent.env',
    flags: ['--mode', 'node'],
  });
  await expect(unit).toMatchFileSnapshot('./golden/plain.service');
});

it('leaves systemd nothing to expand in paths', async () => {
  const unit = renderSystemdUnit({
    kind: 'agent',
    nodePath: '/opt/my $best 100% node/bin/node',
    scriptPath: '/srv/100%h/$HOME & co/back\\slash/main.js',
    environmentFile: "/home/o'neill/.config/rollcall/agent.env",
    flags: ['--mode', 'ui', '--no-input'],
  });
  await expect(unit).toMatchFileSnapshot('./golden/awkward.service');
});

it.each(['/opt/"node"', "/opt/o'node", '/opt/no\\de'])(
  'refuses the program %s, as systemd does',
  (nodePath) => {
    const paths = {
      kind: 'agent' as const,
      nodePath,
      scriptPath: '/main.js',
      environmentFile: '/agent.env',
      flags: [],
    };
    expect(() => renderSystemdUnit(paths)).toThrow(SettingError);
  },
);

it('renders the unit of the computer, with the environment file for systemd alone', async () => {
  const unit = renderSystemUnit({
    kind: 'gateway',
    nodePath: '/usr/bin/node',
    scriptPath: '/usr/lib/node_modules/rollcall/dist/bin/main.js',
    environmentFile: '/etc/rollcall/gateway.env',
    flags: ['--bind=0.0.0.0'],
  });
  await expect(unit).toMatchFileSnapshot('./golden/system.service');
});
