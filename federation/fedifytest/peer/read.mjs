import { Link, getTypeId } from "@fedify/fedify/vocab";

// Parts that stand inside an object, by the method that reads them.
const parts = { attachments: "getAttachments", tags: "getTags", keys: "getPublicKeys", assertionMethods: "getAssertionMethods" };

// read returns everything that Fedify's class of an object says about it: each of its properties by the name of the
// accessor, and the parts that stand inside.
export async function read(object, loader) {
  if (object == null) return null;
  const properties = { type: getTypeId(object).href.replace(/^.*[#/]/, ""), id: object.id?.href };
  for (const name of accessors(object)) {
    const value = plain(object[name]);
    if (value != null && !(Array.isArray(value) && value.length === 0)) properties[name] = value;
  }
  for (const [name, method] of Object.entries(parts)) {
    if (!(method in object)) continue;
    const members = [];
    for await (const member of object[method](loader)) members.push(await read(member, loader));
    if (members.length > 0) properties[name] = members;
  }
  return properties;
}

function accessors(object) {
  const names = new Set();
  for (let p = Object.getPrototypeOf(object); p !== Object.prototype; p = Object.getPrototypeOf(p)) {
    for (const [name, { get }] of Object.entries(Object.getOwnPropertyDescriptors(p))) {
      if (get != null && !name.startsWith("_")) names.add(name);
    }
  }
  return names;
}

// plain makes JSON of a property's value.
function plain(value) {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof URL) return value.href;
  if (value instanceof Link) return { href: value.href?.href, mediaType: value.mediaType };
  if (value?.sharedInbox instanceof URL) return { sharedInbox: value.sharedInbox.href };
  if (value instanceof CryptoKey) return value.algorithm.name;
  if (["string", "number", "boolean"].includes(typeof value)) return value;
  return value == null ? null : String(value); // instants, durations, and texts with a language
}
