/** The WebSocket address of the gateway that served a page: same host, port and folder, `wss:` for `https:`. */
export function gatewayAddress(pageHref: string): string {
  const url = new URL('.', pageHref);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}
