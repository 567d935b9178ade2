import { honoApplication, honoElsewhere } from "../../test/support/applications/hono.ts";
import { adapterSuite } from "../testing/adapter-suite.ts";

adapterSuite("the adapter for hono", honoApplication);
adapterSuite("the adapter for hono, where Node's own answer is out of reach", honoElsewhere);
