import { createFederation, generateCryptoKeyPair, MemoryKvStore } from "@fedify/fedify";
import {
  Accept, Activity, Application, Audio, Endpoints, Follow, OrderedCollection, Person, PUBLIC_COLLECTION, Service, Tombstone,
} from "@fedify/fedify/vocab";

import { lost } from "./terms.mjs";

// The actors: fay follows and writes; mix is a playlist of hers; instance signs for the server, and answers everybody.
const classes = { fay: Person, mix: Service, instance: Application };

// makeFederation returns the server. What arrives verified is added to state.received.
export function makeFederation(options, state) {
  const federation = createFederation({
    kv: new MemoryKvStore(), // and no queue: whatever it does is done when the request or the call returns
    origin: options.origin,
    allowPrivateAddress: true,
    firstKnock: options.firstKnock || undefined,
  });
  addActors(federation, options, state);
  addPlaylist(federation, options);
  federation.setInboxListeners("/users/{identifier}/inbox", "/inbox")
    .setSharedKeyDispatcher(() => ({ identifier: "instance" }))
    .on(Activity, async (ctx, activity) => {
      const json = await activity.toJsonLd(ctx); // as it arrived
      state.received.push({ activity: json, lost: await lost(json, ctx) });
      if (activity instanceof Follow) await accept(ctx, activity);
    });
  federation.setFollowersDispatcher("/users/{identifier}/followers", () => ({ items: [] }));
  federation.setOutboxDispatcher("/users/{identifier}/outbox", () => ({ items: [] }));
  return federation;
}

// accept lets everybody follow mix.
async function accept(ctx, follow) {
  const actor = ctx.getActorUri("mix");
  if (follow.objectId?.href !== actor.href) return;
  const answer = new Accept({ id: new URL(`/accepts/${crypto.randomUUID()}`, ctx.origin), actor, object: follow, to: follow.actorId });
  await ctx.sendActivity({ identifier: "mix" }, await follow.getActor(ctx), answer);
}

function addActors(federation, options, state) {
  const keys = {};
  const keysOf = async (identifier) =>
    keys[identifier] ??= await Promise.all([generateCryptoKeyPair("RSASSA-PKCS1-v1_5"), generateCryptoKeyPair("Ed25519")]);
  federation.setActorDispatcher("/users/{identifier}", async (ctx, identifier) => {
    const id = ctx.getActorUri(identifier);
    if (!(identifier in classes)) return null;
    if (state.deleted && identifier === "fay") return new Tombstone({ id });
    const pairs = await ctx.getActorKeyPairs(identifier);
    return new classes[identifier]({
      id,
      preferredUsername: identifier,
      name: identifier,
      url: id,
      inbox: ctx.getInboxUri(identifier),
      outbox: ctx.getOutboxUri(identifier),
      followers: ctx.getFollowersUri(identifier),
      endpoints: new Endpoints({ sharedInbox: ctx.getInboxUri() }),
      streams: identifier === "mix" ? [ctx.getObjectUri(OrderedCollection, { list: "mix" })] : [],
      attribution: identifier === "mix" ? ctx.getActorUri("fay") : null,
      publicKey: pairs[0].cryptographicKey,
      assertionMethods: pairs.map((pair) => pair.multikey),
    });
  })
    .setKeyPairsDispatcher((_, identifier) => keysOf(identifier))
    .authorize(async (ctx, identifier) => !options.authorizedFetch || identifier === "instance" || (await signer(ctx)) != null);
}

// signer returns the actor that signed a GET. Its key is asked for as the instance: the other side may want a signature
// too, and would else ask for fay's key without end.
async function signer(ctx) {
  return await ctx.getSignedKeyOwner({ documentLoader: await ctx.getDocumentLoader({ identifier: "instance" }) });
}

function addPlaylist(federation, options) {
  federation.setObjectDispatcher(OrderedCollection, "/lists/{list}", (ctx, { list }) => {
    if (list !== "mix") return null;
    const id = ctx.getObjectUri(OrderedCollection, { list });
    const owner = ctx.getActorUri("mix");
    return new OrderedCollection({
      id,
      name: "Mix",
      attribution: owner,
      to: PUBLIC_COLLECTION,
      totalItems: options.tracks.length,
      items: options.tracks.map((name, i) => new Audio({ id: new URL(`#${i}`, id), name, attribution: owner })),
    });
  }).authorize(async (ctx) => !options.authorizedFetch || (await signer(ctx)) != null);
}
