import { expressApplication } from "../../test/support/applications/express.ts";
import { adapterSuite } from "../testing/adapter-suite.ts";

adapterSuite("the adapter for express", expressApplication);
