import { postern } from "postern/browser";

const { backOffice = "", api = "" } = document.body.dataset;

/** The way to the back office: one for the whole page. */
export const door = postern({ url: `${backOffice}/auth`, services: { [api]: "demo-api" } });

/** Addresses of what the page calls: a guarded route of the back office, and another service. */
export const ADDRESSES = { me: `${backOffice}/api/me`, orders: `${api}/orders` };
