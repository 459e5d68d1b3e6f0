import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import type { jsonSchemaValidator } from '@modelcontextprotocol/sdk/validation';
import { err, ok, type Result } from '../../core/index.ts';
import { refusal } from '../../protocol/index.ts';
import { clientTextNote } from './client-text.ts';
import { explainAbsence } from './explain-absence.ts';
import { findInstance } from './find-instance.ts';
import { instanceTemplate, readResource, rosterUri } from './mcp-resources.ts';
import type { CallOperation, McpTool } from './mcp-tool.ts';
import { whatChanged } from './what-changed.ts';
import { whoIsHere } from './who-is-here.ts';

/** What is missing when the package is not installed (PM8). */
const notInstalled = refusal('mcpNotInstalled').message;

const instructions = `Rollcall tells who is connected to a presence gateway, who left and why. It only reads. ${clientTextNote}`;

/** The parts of the SDK that are used. */
type Sdk = typeof import('@modelcontextprotocol/sdk/server/index.js') &
  typeof import('@modelcontextprotocol/sdk/types.js') & {
    /** One for all servers: creating it takes longer than an answer. */
    readonly validator: jsonSchemaValidator;
  };

/** Creates servers; see {@link loadMcp}. */
export type CreateMcpServer = (options: {
  readonly call: CallOperation;
  /** Version of this program. */
  readonly version: string;
}) => Server;

/** Loads the SDK, for as many servers as are wanted; the error is a line with what to install (PM8). Any other fault is thrown. */
export async function loadMcp(load: () => Promise<Sdk> = loadSdk): Promise<Result<CreateMcpServer, string>> {
  try {
    const sdk = await load();
    return ok((options) => createMcpServer(sdk, options));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    return err(notInstalled);
  }
}

async function loadSdk(): Promise<Sdk> {
  const [server, types, { AjvJsonSchemaValidator }] = await Promise.all([
    import('@modelcontextprotocol/sdk/server/index.js'),
    import('@modelcontextprotocol/sdk/types.js'),
    import('@modelcontextprotocol/sdk/validation/ajv'),
  ]);
  return { ...server, ...types, validator: new AjvJsonSchemaValidator() };
}

/** A server of all tools and resources (PM3), to be connected to one transport. */
function createMcpServer(sdk: Sdk, { call, version }: Parameters<CreateMcpServer>[0]): Server {
  const server = new sdk.Server(
    { name: 'rollcall', title: 'Rollcall presence', version },
    {
      capabilities: { tools: {}, resources: {} },
      instructions,
      jsonSchemaValidator: sdk.validator,
    },
  );
  server.setRequestHandler(sdk.ListToolsRequestSchema, () => ({ tools: listedTools() }));
  server.setRequestHandler(sdk.CallToolRequestSchema, ({ params }) => callTool(params, call));
  server.setRequestHandler(sdk.ListResourcesRequestSchema, () => ({
    resources: [
      {
        uri: rosterUri,
        name: 'presence',
        title: 'Everyone who is listed now',
        mimeType: 'application/json',
      },
    ],
  }));
  server.setRequestHandler(sdk.ListResourceTemplatesRequestSchema, () => ({
    resourceTemplates: [
      {
        uriTemplate: instanceTemplate,
        name: 'instance',
        title: 'One instance by its key',
        mimeType: 'application/json',
      },
    ],
  }));
  server.setRequestHandler(sdk.ReadResourceRequestSchema, async ({ params: { uri } }) => {
    const read = await readResource(uri, call);
    if (!read.ok) throw new sdk.McpError(sdk.ErrorCode.InternalError, read.error);
    // The code that the protocol gives for a resource that is not there.
    if (read.value === undefined) throw new sdk.McpError(-32_002, 'Resource not found', { uri });
    return { contents: [{ uri, mimeType: 'application/json', text: JSON.stringify(read.value) }] };
  });
  return server;
}

function listedTools(): { name: string; inputSchema: { type: 'object' } }[] {
  return MCP_TOOLS.map(({ name, title, description, input, output }) => ({
    name,
    title,
    description,
    inputSchema: plainSchema(input),
    outputSchema: plainSchema(output),
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  }));
}

/** A schema as plain JSON, without the symbols and members of the library (`~optional`). */
function plainSchema(schema: object): { type: 'object' } {
  return JSON.parse(
    JSON.stringify(schema, (name, value: unknown) => (name.startsWith('~') ? undefined : value)),
  ) as { type: 'object' };
}

async function callTool(
  { name, arguments: args }: { readonly name: string; readonly arguments?: object | undefined },
  call: CallOperation,
): Promise<CallToolResult> {
  const tool = MCP_TOOLS.find((each) => each.name === name);
  if (tool === undefined) {
    const names = MCP_TOOLS.map((each) => each.name).join(', ');
    return problem(`There is no such tool: there are ${names}.`);
  }
  const answer = await tool.call(args, call);
  if (!answer.ok) return problem(answer.error);
  const { text, data } = answer.value;
  return { content: [{ type: 'text', text }], structuredContent: data as Record<string, unknown> };
}

function problem(text: string): CallToolResult {
  return { content: [{ type: 'text', text }], isError: true };
}

/** All tools, on every transport (PM1). A new one is a file beside this one, and a line here. */
export const MCP_TOOLS: readonly McpTool[] = [whoIsHere, findInstance, whatChanged, explainAbsence];
