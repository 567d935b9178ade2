import { z } from "zod";
import { isLoopbackHttp } from "./clients.ts";
import type { Handler, RehearsalContext } from "./context.ts";
import { ENDPOINTS } from "./endpoints.ts";
import { MISBEHAVIOUR_MODES } from "./misbehaviours.ts";
import { issueLogoutToken, LOGOUT_VARIANTS, sendLogoutToken } from "./openid/logout-token.ts";
import { json } from "./responses.ts";

const switchOn = z.strictObject({
  mode: z.enum(MISBEHAVIOUR_MODES),
  times: z.int().positive().optional(),
  endpoint: z.enum(ENDPOINTS).optional(),
  milliseconds: z.int().nonnegative().optional(),
});

/** `POST /rehearsal/misbehave` with JSON `{mode, times?, endpoint?, milliseconds?}`: for everybody, from now on. */
export const misbehave: Handler = (context, { json: asked }) => {
  const body = switchOn.safeParse(asked);
  if (!body.success) return json({ error: z.prettifyError(body.error) }, { status: 400 });
  try {
    context.misbehaviours.add(body.data.mode, body.data);
  } catch (error) {
    if (error instanceof RangeError) return json({ error: error.message }, { status: 400 });
    throw error;
  }
  return json(state(context));
};

/** `DELETE /rehearsal/misbehave`: everything works again. */
export const behave: Handler = (context) => {
  context.misbehaviours.clear();
  return json(state(context));
};

/** `POST /rehearsal/rotate-keys` */
export const rotateKeys: Handler = async (context) => {
  await context.keys.rotate();
  return json(state(context));
};

const told = z.strictObject({
  to: z.string().refine(isLoopbackHttp, "must be http on this machine"),
  clientId: z.string(),
  persona: z.string(),
  by: z.enum(["sid", "sub", "both"]).optional(),
  sid: z.string().optional(),
  variant: z.enum(LOGOUT_VARIANTS).optional(),
});

/** `POST /rehearsal/logout` with JSON `{to, clientId, persona, by?, sid?, variant?}`: tells an application of a logout. */
export const tellOfLogout: Handler = async (context, { json: asked }) => {
  const body = told.safeParse(asked);
  if (!body.success) return json({ error: z.prettifyError(body.error) }, { status: 400 });
  const { to, ...wish } = body.data;
  try {
    return json(await sendLogoutToken(to, await issueLogoutToken(context, wish)));
  } catch (error) {
    if (error instanceof RangeError) return json({ error: error.message }, { status: 400 });
    return json({ error: "the application cannot be reached" }, { status: 502 });
  }
};

/** `GET /rehearsal/state`: what is switched on and how often each endpoint was asked. */
export const readState: Handler = (context) => json(state(context));

function state({ misbehaviours, counts, keys }: RehearsalContext) {
  return {
    misbehaviours: misbehaviours.list(),
    requests: counts,
    keys: keys.published().keys.map(({ kid }) => kid),
  };
}
