import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import type { PosternOptions } from "../../../index.ts";
import { SILENT_LOG } from "../../../model/log.ts";
import { oidc } from "../../../providers/oidc.ts";
import { Person } from "../../person.ts";
import type { AdapterApplication, AdapterSetup, StartApplication } from "./application.ts";

/** An application that is being served. */
export interface Stage {
  readonly url: string;
  readonly door: AdapterApplication["door"];
  readonly server: Server;
  close(): Promise<void>;
}

interface Wish {
  readonly options?: Partial<PosternOptions>;
  readonly prefix?: AdapterSetup["prefix"];
  readonly bodyParserFirst?: boolean;
}

export type OpenStage = (wish?: Wish) => Promise<Stage>;

export async function openStage(start: StartApplication, issuer: string, wish: Wish = {}): Promise<Stage> {
  let listener: RequestListener = () => {};
  const server = createServer((request, response) => listener(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const folder = mkdtempSync(join(tmpdir(), "postern-adapter-"));
  const options: PosternOptions = {
    publicUrl: url,
    secret: "a-secret-of-the-adapter-suite-0123456789",
    database: `file:${join(folder, "postern.db")}`,
    providers: [
      oidc({
        id: "rehearsal",
        name: "Rehearsal",
        issuer,
        clientId: "suite",
        clientSecret: "rehearsal-secret",
      }),
    ],
    roles: { lead: ["orders.read", "orders.refund"] },
    access: [
      { when: { email: "grace@demo.example" }, then: "allow", roles: ["admin"] },
      { when: { email: "liwei@demo.example" }, then: "allow", roles: ["lead"] },
      { when: { emailDomain: "demo.example" }, then: "allow", roles: ["member"] },
    ],
    log: SILENT_LOG,
    ...wish.options,
  };
  const { prefix = "", bodyParserFirst = false } = wish;
  const application = await start({ options, prefix, bodyParserFirst });
  listener = application.listener;
  return {
    url,
    server,
    door: application.door,
    async close() {
      server.closeAllConnections();
      server.close();
      await application.door.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** One stage for all tests of a group. */
export function staged(open: OpenStage, wish?: Wish): () => Stage {
  let stage: Stage;
  beforeAll(async () => {
    stage = await open(wish);
  });
  afterAll(() => stage.close());
  return () => stage;
}

export async function signedIn(stage: Stage, persona: string): Promise<Person> {
  const person = new Person(stage.url);
  const back = await person.signIn("rehearsal", persona);
  expect(back.status, await back.text()).toBe(303);
  return person;
}
