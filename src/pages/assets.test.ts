import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { stylesheet } from "./assets.ts";

describe("the style sheet", () => {
  it("weighs at most 12 KiB compressed", () => {
    expect(gzipSync(stylesheet.body, { level: 9 }).length).toBeLessThanOrEqual(12 * 1024);
  });

  it("has an address under the mount that changes with its content", () => {
    expect(stylesheet.path("/door")).toMatch(/^\/door\/assets\/pages\.[\w-]{16}\.css$/);
    expect(stylesheet.path("/door")).toBe(`/door/assets/${stylesheet.name}`);
  });

  it("asks nobody for anything", () => {
    expect(stylesheet.body).not.toMatch(/url\(|@import|@font-face/);
  });

  it("has the same dark values for those who chose dark and those whose system did", () => {
    const [chosen, system] = [...stylesheet.body.matchAll(/data-theme="(?:dark|system)"\] \{([^}]*)\}/g)].map(
      ([, values]) => (values ?? "").replace(/\s+/g, " "),
    );
    expect(chosen).toContain("--canvas");
    expect(system).toBe(chosen);
  });
});
