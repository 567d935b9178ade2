export * from "../../src/testing/person.ts";
