import { receiveFrontChannel } from "../../logout/receive-front-channel.ts";
import { header } from "../../web/headers.ts";
import { isPolicyOrigin } from "../../web/security-headers.ts";
import type { Call } from "../call.ts";

const EMPTY = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Signed out</title></html>';

/** `GET /auth/frontchannel-logout/{provider}`: a page of the provider has it in a frame. Nothing of it is to be seen. */
export async function hearFrontChannelLogout({
  runtime,
  request,
  params,
  url,
  visit,
}: Call): Promise<Response> {
  // An image, a link or a script of any other page is no frame; browsers say which it is.
  const isFrame = ["iframe", "frame", null].includes(header(request.headers, "sec-fetch-dest"));
  const only = (name: string) =>
    isFrame && url.searchParams.getAll(name).length === 1 ? url.searchParams.get(name) : null;
  const origin = await receiveFrontChannel(runtime, {
    provider: params.provider ?? "",
    issuer: only("iss"),
    sid: only("sid"),
    address: visit.address,
  });
  const framedBy = isPolicyOrigin(origin) ? origin : "'none'";
  return new Response(EMPTY, {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": `default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors ${framedBy}`,
      // It is there to be loaded by another site.
      "cross-origin-resource-policy": "cross-origin",
    },
  });
}
