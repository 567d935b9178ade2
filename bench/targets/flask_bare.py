"""Flask, and nobody at the door."""

from flask import Flask

from flask_orders import add_routes

app = Flask(__name__)
add_routes(app, lambda view: view, lambda: "Person 0")
