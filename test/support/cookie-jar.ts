export * from "../../src/testing/cookie-jar.ts";
