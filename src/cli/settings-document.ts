import { expectedOf, schemaOfSetting } from '../gateway/setting-check.ts';
import { flagOf, type SettingName, settingNames, settingOf, variableOf } from '../gateway/settings.ts';

/** The table of settings as a page of the documentation, in Markdown. */
export function settingsPage(): string {
  return `# Settings of the gateway

Flags win over environment variables, variables over the configuration file. The file holds one JSON object; it is the one
named by \`--config\`, else by \`ROLLCALL_CONFIG\`, else \`$XDG_CONFIG_HOME/rollcall/config.json\` (\`~/.config/…\`) when it exists. An
unknown key, an unknown \`ROLLCALL_…\` variable and a value of the wrong kind are errors that name it and, in the file, its line.
Variables that Kubernetes and Docker make for services (\`ROLLCALL_SERVICE_HOST\`, \`ROLLCALL_PORT=tcp://…\`) are ignored, with
a line in the log. Lists are comma separated in flags and variables, arrays in the file; objects are JSON. [config.schema.json](config.schema.json) describes the file to editors: name it as
\`"$schema"\`. \`config.get\` answers the settings in force, without secrets.

| key | flag and variable | value | default | what |
|---|---|---|---|---|
${settingNames.map(tableRow).join('\n')}
`;
}

/** The limits among the settings as rows of docs/limits.md. */
export function limitRows(): string {
  return settingNames
    .flatMap((name) => {
      const { beyond, default: value } = settingOf(name);
      return beyond === undefined ? [] : [`| \`${name}\` | ${value} | \`${flagOf(name)}\` | ${beyond} |`];
    })
    .join('\n');
}

/** JSON Schema of the configuration file. */
export function settingsSchema(): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Rollcall gateway',
    type: 'object',
    properties: {
      $schema: { type: 'string' },
      ...Object.fromEntries(settingNames.map((name) => [name, propertyOf(name)])),
    },
    additionalProperties: false,
  };
}

function tableRow(name: SettingName): string {
  const setting = settingOf(name);
  const cells = [
    `\`${name}\``,
    `\`${flagOf(name)}\` \`${variableOf(name)}\``,
    expectedOf(setting),
    setting.default === undefined ? '—' : `\`${JSON.stringify(setting.default)}\``,
    setting.help,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function propertyOf(name: SettingName): object {
  const setting = settingOf(name);
  const { default: value, help: description } = setting;
  return { ...schemaOfSetting(setting), description, ...(value !== undefined && { default: value }) };
}
