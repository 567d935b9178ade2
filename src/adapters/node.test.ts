import { nodeApplication } from "../../test/support/applications/node.ts";
import { adapterSuite } from "../testing/adapter-suite.ts";

adapterSuite("the adapter for node", nodeApplication);
