import type { Call, Handler, RehearsalContext } from "../context.ts";
import { invalid, type Method, type MethodAnswer } from "./method.ts";
import { tokenMethod, userMethod } from "./methods.ts";
import { isSignedBy, signedAnswer } from "./signature.ts";
import { isRecent } from "./timestamp.ts";

const METHODS: Readonly<Record<string, Method>> = {
  "alipay.system.oauth.token": tokenMethod,
  "alipay.user.info.share": userMethod,
};

/** `/gateway.do`: one address for every method, status 200 always, every answer signed. */
export const gateway: Handler = async (context, call) => {
  const parameters = allParameters(call);
  const method = parameters.get("method") ?? "";
  const answer = await perform(context, method, parameters);
  const { privateKey } = context.keys.current();
  const body =
    answer.kind === "content"
      ? signedAnswer(`${method.replaceAll(".", "_")}_response`, answer.content, privateKey)
      : signedAnswer("error_response", errorContent(answer), privateKey);
  return new Response(body, { headers: { "content-type": "text/html;charset=utf-8" } });
};

/** Parameters may stand in the query, in the form, or some here and some there. */
function allParameters({ url, form }: Call): URLSearchParams {
  return new URLSearchParams([...url.searchParams, ...form]);
}

async function perform(
  context: RehearsalContext,
  method: string,
  parameters: URLSearchParams,
): Promise<MethodAnswer> {
  const perform = Object.hasOwn(METHODS, method) ? METHODS[method] : undefined;
  const client = context.clients.find(parameters.get("app_id") ?? "");
  if (perform === undefined) return invalid("isv.invalid-method", "不存在的方法名");
  if (client === null) return invalid("isv.invalid-app-id", "无效的AppID参数");
  if (parameters.get("sign_type") !== "RSA2") return invalid("isv.invalid-signature-type", "无效的签名类型");
  if (!isRecent(parameters.get("timestamp") ?? "", context.now())) {
    return invalid("isv.invalid-timestamp", "非法的时间戳参数");
  }
  const publicKey = client.publicKey ?? (await context.applicationKeys.rsa()).publicKey;
  if (!isSignedBy(publicKey, parameters)) return invalid("isv.invalid-signature", "无效签名");
  return perform(context, client.clientId, parameters);
}

function errorContent({ code, subCode, message }: Extract<MethodAnswer, { kind: "failed" }>) {
  const msg = code === "20001" ? "Insufficient Token Permissions" : "Invalid Arguments";
  return { code, msg, sub_code: subCode, sub_msg: message };
}
