// answerWith turns a function from Request to Response into a listener of node:http. origin is the public one: what
// stands before this server speaks https.
export function answerWith(handle, origin) {
  return async (incoming, outgoing) => {
    try {
      const response = await handle(await requestOf(incoming, origin));
      outgoing.writeHead(response.status, Object.fromEntries(response.headers));
      outgoing.end(Buffer.from(await response.arrayBuffer()));
    } catch (error) {
      console.error(error);
      outgoing.writeHead(500).end();
    }
  };
}

async function requestOf(incoming, origin) {
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return new Request(new URL(incoming.url, origin), {
    method: incoming.method,
    headers: Object.entries(incoming.headersDistinct).flatMap(([name, values]) => values.map((value) => [name, value])),
    body: chunks.length > 0 ? Buffer.concat(chunks) : undefined,
  });
}
