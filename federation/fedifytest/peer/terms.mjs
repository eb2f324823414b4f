import jsonld from "jsonld";

// lost returns the paths of the properties of a document that mean nothing in JSON-LD: those which are gone after it
// was expanded and compacted again with its own @context.
export async function lost(document, loader) {
  const documentLoader = (url) => loader.contextLoader(url);
  const expanded = await jsonld.expand(document, { documentLoader });
  const again = await jsonld.compact(named(expanded), document["@context"], { documentLoader });
  const kept = paths(again);
  return [...paths(document)].filter((path) => !kept.has(path));
}

// named leaves out what has no name but a blank one: the @context of ActivityStreams gives such a name, "_:x", to each
// property that it does not know.
function named(value) {
  if (Array.isArray(value)) return value.map(named);
  if (typeof value !== "object" || value == null) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => !name.startsWith("_:")).map(([name, v]) => [name, named(v)]));
}

// paths names every property at any depth; lists count as their members. A part with a @context of its own is somebody
// else's document: it is named and not looked into.
function paths(value, prefix = "", found = new Set()) {
  for (const part of [value].flat()) {
    if (typeof part !== "object" || part == null || (prefix !== "" && "@context" in part)) continue;
    for (const [name, member] of Object.entries(part)) {
      if (name === "@context") continue;
      found.add(prefix + name);
      paths(member, prefix + name + ".", found);
    }
  }
  return found;
}
