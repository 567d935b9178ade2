import type { TokenSet } from "../../model/token-set.ts";
import { readAnswer } from "../../oauth/answer.ts";
import { OAuthFailure } from "../../oauth/oauth-failure.ts";
import type { ProviderDefinition, Sources } from "../definition.ts";
import type { MembershipAnswer, MembershipCheck, RequestDescription, StepContext } from "../hooks.ts";
import type { Deps } from "./deps.ts";
import { nextPage, type Page } from "./next-page.ts";
import { send } from "./send.ts";
import { withToken } from "./with-token.ts";

/** Somebody who has arrived, and what their sign-in may ask with. */
export interface Member {
  readonly definition: ProviderDefinition;
  readonly sources: Sources;
  readonly context: StepContext;
  readonly tokens: TokenSet | null;
}

const MOST_PAGES = 20;

/** Answers what access rules ask about this person, each question and each page once. Whatever goes wrong is "cannot tell". */
export function membershipOf(
  member: Member,
  deps: Deps,
): (check: string, wanted: string) => Promise<MembershipAnswer> {
  const checks = member.definition.membership ?? {};
  const answers = new Map<string, Promise<MembershipAnswer>>();
  const pages = new Map<string, Promise<Page>>();

  return (name, wanted) => {
    const key = JSON.stringify([name, wanted]);
    const known = answers.get(key);
    if (known !== undefined) return known;
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    const asking =
      check === undefined
        ? Promise.resolve<MembershipAnswer>("cannot_tell")
        : ask({ member, check, wanted, pages, deps }).catch((error: unknown) => {
            tell(error, name, member, deps);
            return "cannot_tell" as const;
          });
    answers.set(key, asking);
    return asking;
  };
}

// Our own mistakes let nobody in either, but they must be seen.
function tell(error: unknown, check: string, { definition }: Member, { log }: Deps): void {
  const why =
    error instanceof OAuthFailure ? { code: error.code, reason: error.reason } : { reason: "defect" };
  log.warn({ provider: definition.id, check, ...why }, "A membership cannot be told.");
}

interface Question {
  readonly member: Member;
  readonly check: MembershipCheck;
  readonly wanted: string;
  /** Pages that have been had. */
  readonly pages: Map<string, Promise<Page>>;
  readonly deps: Deps;
}

async function ask(question: Question): Promise<MembershipAnswer> {
  const { member, check, wanted } = question;
  const told = check.fromSources?.(member.sources) ?? null;
  if (told !== null) return holds(check, told, wanted) ? "yes" : "no";
  let request = check.request?.(member.context, wanted) ?? null;
  if (request === null) return "cannot_tell";
  request = firstPage(request, check);
  const home = new URL(request.url).origin;
  for (let count = 0; count < MOST_PAGES; count++) {
    const page: Page = await pageOf(question, request);
    if (page.isNo) return isGranted(question) ? "no" : "cannot_tell";
    const groups = check.groups?.(page.body, wanted) ?? null;
    // Without a reading, an answer without failure is the yes itself.
    if (groups === null || holds(check, groups, wanted)) return "yes";
    request = nextPage(check, request, page, groups);
    if (request === null) return isGranted(question) ? "no" : "cannot_tell";
    // The token goes to nobody else, whatever the page says.
    if (new URL(request.url).origin !== home) return "cannot_tell";
  }
  return "cannot_tell";
}

function holds(check: MembershipCheck, groups: readonly string[], wanted: string): boolean {
  return groups.some((group) => check.matches?.(group, wanted) ?? group === wanted);
}

// Who may not look may see too little: without the scope a yes is proven, a no is not.
function isGranted({ check, member }: Question): boolean {
  const granted = member.tokens?.scope?.split(/[\s,]+/) ?? null;
  return granted === null || (check.scopes ?? []).every((scope) => granted.includes(scope));
}

function firstPage(request: RequestDescription, { paging }: MembershipCheck): RequestDescription {
  if (typeof paging !== "object" || "next" in paging) return request;
  const { pageParameter, sizeParameter, size } = paging;
  return { ...request, query: { ...request.query, [pageParameter]: "1", [sizeParameter]: String(size) } };
}

function pageOf(question: Question, request: RequestDescription): Promise<Page> {
  const key = JSON.stringify([question.member.definition.id, request]);
  const known = question.pages.get(key);
  if (known !== undefined) return known;
  const page = fetchPage(question, request);
  question.pages.set(key, page);
  return page;
}

function fetchPage({ member, check, deps }: Question, request: RequestDescription): Promise<Page> {
  const gateway = member.definition.signedGateway;
  return withToken(check.placement, member.tokens, deps.appToken, async (carried) => {
    const response = await send(request, { ...carried, gateway }, "membership", deps.outbound);
    if (check.noStatuses?.includes(response.status) === true) return { isNo: true, body: null, link: null };
    const link = response.headers.get("link");
    return { isNo: false, body: await readAnswer(response, check.read ?? {}, "membership"), link };
  });
}
