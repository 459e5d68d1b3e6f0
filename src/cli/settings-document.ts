import Type, { type TObject } from 'typebox';
import { flagOf, type SettingName, settingNames, settings, variableOf } from './settings.ts';

/** The table of settings as a page of the documentation, in Markdown. */
export function settingsPage(): string {
  return `# Settings of the gateway

Flags win over environment variables, variables over the configuration file. The file holds one JSON object; it is the one
named by \`--config\`, else by \`ROLLCALL_CONFIG\`, else \`$XDG_CONFIG_HOME/rollcall/config.json\` (\`~/.config/…\`) when it exists. An
unknown key, an unknown \`ROLLCALL_…\` variable and a value of the wrong kind are errors that name it. Lists are comma separated in
flags and variables, arrays in the file. [config.schema.json](config.schema.json) describes the file to editors: name it as
\`"$schema"\`. \`config.get\` answers the settings in force, without secrets.

| key | flag and variable | value | default | what |
|---|---|---|---|---|
${settingNames.map(tableRow).join('\n')}
`;
}

/** JSON Schema of the configuration file. */
export function settingsSchema(): TObject {
  const properties = settingNames.map((name) => [name, propertyOf(name)] as const);
  return Type.Object(
    { $schema: Type.Optional(Type.String()), ...Object.fromEntries(properties) },
    {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'Rollcall gateway',
      additionalProperties: false,
    },
  );
}

function tableRow(name: SettingName): string {
  const { kind, default: value, help } = settings[name];
  const cells = [
    `\`${name}\``,
    `\`${flagOf(name)}\` \`${variableOf(name)}\``,
    kind.expected,
    defaultText(value),
    help,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function defaultText(value: unknown): string {
  return value === undefined ? '—' : `\`${JSON.stringify(value)}\``;
}

function propertyOf(name: SettingName): ReturnType<typeof Type.Optional> {
  const { kind, default: value, help } = settings[name];
  return Type.Optional(
    Type.Unsafe({ ...kind.schema, description: help, ...(value !== undefined && { default: value }) }),
  );
}
