import { getDocumentLoader, parseNodeInfo } from "@fedify/fedify";
import * as vocab from "@fedify/fedify/vocab";

import { read } from "./read.mjs";
import { lost } from "./terms.mjs";

// makeCalls returns what a test can ask for. Everything but change is done as fay, an unsigned GET as nobody.
export function makeCalls(federation, options, state) {
  const ctx = federation.createContext(new URL(options.origin), undefined);
  const fay = ctx.getActorUri("fay");
  const sent = new Map(); // id → activity
  const unsigned = getDocumentLoader({ allowPrivateAddress: true }); // unlike the context's own, it keeps nothing
  const loaders = async (signed) => ({
    contextLoader: ctx.contextLoader,
    documentLoader: signed ? await ctx.getDocumentLoader({ identifier: "fay" }) : unsigned,
  });
  let counter = 0;
  const newID = (kind) => new URL(`/${kind}/${++counter}`, options.origin);

  // deliver sends an activity to the actor with the id to, and returns the activity's id.
  async function deliver(activity, to, identifier = "fay") {
    sent.set(activity.id.href, activity);
    const recipient = await ctx.lookupObject(to, await loaders(true));
    if (recipient?.inboxId == null) throw new Error(`${to} has no inbox`);
    await ctx.sendActivity({ identifier }, recipient, activity);
    return activity.id.href;
  }

  return {
    // lookup reads what a handle or an address leads to, as Fedify's classes read it; null when they cannot.
    async lookup({ what, signed }) {
      const loader = await loaders(signed);
      return read(await ctx.lookupObject(what, loader), loader);
    },
    // items pages through a collection.
    async items({ id, signed }) {
      const loader = await loaders(signed);
      const items = [];
      for await (const item of ctx.traverseCollection(await ctx.lookupObject(id, loader), loader)) {
        items.push(await read(item, loader));
      }
      return items;
    },
    // status returns the HTTP status that an address answers.
    async status({ url, signed }) {
      try {
        await (await loaders(signed)).documentLoader(url);
        return 200;
      } catch (error) {
        if (error.response == null) throw error;
        return error.response.status;
      }
    },
    // nodeInfo reads what a server says about its software. Fedify's own client fetches from no private address.
    async nodeInfo({ origin }) {
      const json = async (url) => (await fetch(url)).json();
      const { links } = await json(new URL("/.well-known/nodeinfo", origin));
      return parseNodeInfo(await json(links.find(({ rel }) => rel.startsWith("http://nodeinfo.diaspora.software/ns/schema/2.")).href));
    },
    // lost returns the properties of a document that have no meaning in JSON-LD.
    async lost({ url, signed }) {
      const loader = await loaders(signed);
      return lost((await loader.documentLoader(url)).document, loader);
    },
    // send sends an activity of fay's about object: an address, or the id of an activity sent before, which is embedded.
    send({ type, object, to }) {
      const about = sent.get(object) ?? new URL(object);
      return deliver(new vocab[type]({ id: newID("activities"), actor: fay, object: about, to: new URL(to) }), to);
    },
    // write sends a Note.
    write({ content, replyTo, to }) {
      const audience = { to: new URL(to), cc: vocab.PUBLIC_COLLECTION };
      const note = new vocab.Note({ id: newID("notes"), attribution: fay, content, replyTarget: replyTo ? new URL(replyTo) : null, ...audience });
      return deliver(new vocab.Create({ id: newID("activities"), actor: fay, object: note, ...audience }), to);
    },
    // change gives the playlist mix other tracks, and tells one actor.
    change({ tracks, to }) {
      options.tracks = tracks;
      const [actor, object] = [ctx.getActorUri("mix"), ctx.getObjectUri(vocab.OrderedCollection, { list: "mix" })];
      return deliver(new vocab.Update({ id: newID("activities"), actor, object, to: vocab.PUBLIC_COLLECTION }), to, "mix");
    },
    // leave deletes fay, and says so to one actor.
    leave({ to }) {
      state.deleted = true;
      return deliver(new vocab.Delete({ id: newID("activities"), actor: fay, object: fay, to: vocab.PUBLIC_COLLECTION }), to);
    },
    received: () => state.received,
  };
}
