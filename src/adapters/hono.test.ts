import { honoApplication } from "../../test/support/applications/hono.ts";
import { adapterSuite } from "../testing/adapter-suite.ts";

adapterSuite("the adapter for hono", honoApplication);
