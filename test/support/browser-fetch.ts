export * from "../../src/testing/browser-fetch.ts";
