import { explainAbsence } from './explain-absence.ts';
import { findInstance } from './find-instance.ts';
import type { McpTool } from './mcp-tool.ts';
import { whatChanged } from './what-changed.ts';
import { whoIsHere } from './who-is-here.ts';

/** All tools, on every transport (PM1). A new one is a file beside this one, and a line here. */
export const MCP_TOOLS: readonly McpTool[] = [whoIsHere, findInstance, whatChanged, explainAbsence];
