import { PosternError } from "../../errors.ts";
import { endSession, endSessionsOfUser } from "../../sessions/end-session.ts";
import type { SignedInCall } from "../call.ts";
import { redirect } from "../responses.ts";
import { signOut } from "./sign-out.ts";

/** `POST /auth/account/sessions/{id}/sign-out`: one device of mine. @throws PosternError `session_not_found` */
export async function signOutDevice(call: SignedInCall): Promise<Response> {
  const { runtime, self, visit } = call;
  const id = call.params.id ?? "";
  if (id === self.session.id) return signOut(call);
  const ended = await endSession(
    runtime,
    { id, userId: self.user.id },
    { actor: self.user.id, reason: "signed_out_elsewhere", address: visit.address },
  );
  // Somebody else's session is as unknown here as one that never was.
  if (!ended) throw new PosternError("session_not_found", "There is no such session of this user.");
  return redirect(`${runtime.settings.mountPath}/account?signed_out_device`);
}

/** `POST /auth/account/sign-out-others`: every device of mine but this one. */
export async function signOutOthers(call: SignedInCall): Promise<Response> {
  const { runtime, self, visit } = call;
  const by = { actor: self.user.id, reason: "signed_out_elsewhere", address: visit.address } as const;
  const count = await endSessionsOfUser(runtime, self.user.id, by, self.session.id);
  return redirect(`${runtime.settings.mountPath}/account?signed_out_others=${count}`);
}
