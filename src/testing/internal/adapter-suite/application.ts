import type { RequestListener } from "node:http";
import type { Postern, PosternOptions } from "../../../index.ts";

/** How the application is to be built this time. */
export interface AdapterSetup {
  /** What to open Postern with. */
  readonly options: PosternOptions;
  /** Everything, Postern's routes included, is mounted below this path: none, or `/backoffice`. */
  readonly prefix: "" | "/backoffice";
  /** Whether forms and JSON are read before Postern's routes have their turn. */
  readonly bodyParserFirst: boolean;
}

/** The application, ready to be put behind a server. */
export interface AdapterApplication {
  readonly listener: RequestListener;
  readonly door: Pick<Postern, "audit" | "users" | "sessions" | "close">;
}

/**
 * Builds this application with the adapter, as its users would:
 *
 * | route | guard | answer |
 * |---|---|---|
 * | before everything, Postern's routes included | | adds the cookie `visit=1` to whatever will be answered |
 * | all that follow | | `cors({ exposeHeaders: ["x-application"] })` of the door |
 * | `GET /` | | text `Hello, <name>`, or `Hello, stranger` |
 * | `GET /orders` | user | the user as JSON, the header `x-application: orders`, the cookies `seen=1` and `tab=2` |
 * | `POST /orders` | user | text: the body it was sent |
 * | `POST /orders/42/refund` | permission `orders.refund` | text `refunded` |
 * | `GET /admin` | role `admin` | text `Welcome, <name>` |
 * | `GET /payroll` | user, fresh within `10m` | text `payroll` |
 * | `GET /logo` | user | any answer with `cache-control: private, max-age=60` |
 * | `GET /bare` | user | an answer that owes nothing to the framework's helpers |
 * | `GET /broken` | user | throws `new Error("broken")`; the framework's error handling answers 500, text `handled: broken` |
 * | any method `/authentic` | | text: method, space, body |
 * | anything else | user | 404, text `nothing here` |
 */
export type StartApplication = (setup: AdapterSetup) => Promise<AdapterApplication>;
