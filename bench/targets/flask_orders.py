"""What a guarded route answers: the same as parts/person.js."""

from flask import jsonify

ORDERS = [
    {"id": "A-1001", "customer": "Harbour Books", "total": 129.5, "paid": True},
    {"id": "A-1002", "customer": "Mill Lane Bakery", "total": 48, "paid": False},
    {"id": "A-1003", "customer": "Northgate Cycles", "total": 1310.25, "paid": True},
]

PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Orders</title><link rel="stylesheet" href="/back-office.css"></head>
<body>
<header><h1>Back office</h1><p>Signed in as {name}</p></header>
<main><table><thead><tr><th>Order</th><th>Customer</th><th>Total</th></tr></thead>
<tbody>{rows}</tbody></table></main>
</body>
</html>
"""


def add_routes(app, guard, name_of):
    @app.get("/api/orders")
    @guard
    def api_orders():
        return jsonify(name=name_of(), orders=ORDERS)

    @app.get("/orders")
    @guard
    def orders():
        row = "<tr><td>{id}</td><td>{customer}</td><td>{total}</td></tr>"
        return PAGE.format(name=name_of(), rows="".join(row.format(**order) for order in ORDERS))
