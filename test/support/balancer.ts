import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** Stands before several instances of one back office, as the public address of all of them. */
export interface Balancer {
  /** `http://localhost:…`: the `publicUrl` of every instance. */
  readonly url: string;
  /** Leads new connections to this instance as well, turn by turn. */
  add(instance: string): void;
  /** Leads no new connection there; those that stand go on. */
  remove(instance: string): void;
  /** How many connections to this instance stand. */
  open(instance: string): number;
  close(): Promise<void>;
}

/** Passes bytes on and understands none; an instance where nobody answers is passed over. Port picked by the system. */
export async function startBalancer(): Promise<Balancer> {
  const instances: string[] = [];
  const standing = new Map<string, number>();
  const sockets = new Set<Socket>();
  let turn = 0;

  const lead = (browser: Socket, left: number): void => {
    const instance = instances[turn++ % Math.max(instances.length, 1)];
    if (instance === undefined || left === 0) return void browser.destroy();
    // From now on: who is being connected to must not be thought to be idle.
    count(instance, 1);
    const inside = connect(Number(new URL(instance).port), "127.0.0.1");
    const passOver = () => {
      count(instance, -1);
      lead(browser, left - 1);
    };
    inside.once("error", passOver);
    inside.once("connect", () => {
      inside.removeListener("error", passOver);
      join(browser, inside, () => count(instance, -1));
    });
    keep(inside);
  };
  const count = (instance: string, by: number) =>
    void standing.set(instance, (standing.get(instance) ?? 0) + by);
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  };

  const server = createServer((browser) => {
    keep(browser);
    browser.on("error", () => {});
    lead(browser, instances.length);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    add: (instance) => void instances.push(instance),
    remove: (instance) => {
      const at = instances.indexOf(instance);
      if (at !== -1) instances.splice(at, 1);
    },
    open: (instance) => standing.get(instance) ?? 0,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** Until either side is gone; then the other goes, too. */
function join(browser: Socket, inside: Socket, ended: () => void): void {
  inside.on("error", () => browser.destroy());
  inside.once("close", () => {
    // What it has still said is on its way.
    browser.end();
    ended();
  });
  browser.once("close", () => inside.destroy());
  browser.pipe(inside);
  inside.pipe(browser);
}
