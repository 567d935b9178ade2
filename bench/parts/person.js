/** What a guarded route answers; with a name in it that only a session can tell. */

const ORDERS = [
  { id: "A-1001", customer: "Harbour Books", total: 129.5, paid: true },
  { id: "A-1002", customer: "Mill Lane Bakery", total: 48, paid: false },
  { id: "A-1003", customer: "Northgate Cycles", total: 1310.25, paid: true },
];

/** Whose name a server tells that asks nobody. */
export const SOMEBODY = "Person 0";

export function ordersOf(name) {
  return { name, orders: ORDERS };
}

export function pageOf(name) {
  const rows = ORDERS.map(
    ({ id, customer, total }) => `<tr><td>${id}</td><td>${customer}</td><td>${total}</td></tr>`,
  );
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Orders</title><link rel="stylesheet" href="/back-office.css"></head>
<body>
<header><h1>Back office</h1><p>Signed in as ${name}</p></header>
<main><table><thead><tr><th>Order</th><th>Customer</th><th>Total</th></tr></thead>
<tbody>${rows.join("")}</tbody></table></main>
</body>
</html>
`;
}
