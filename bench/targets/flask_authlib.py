"""Authlib's client for Flask; the session is Flask's signed cookie."""

import functools
import json
import os

from authlib.integrations.flask_client import OAuth
from flask import Flask, jsonify, redirect, session

from flask_orders import add_routes

settings = json.loads(os.environ["BENCH"])
app = Flask(__name__)
app.secret_key = "only-for-the-benchmark-0123456789-abcdefgh"
oauth = OAuth(app)
oauth.register(
    "stub",
    client_id=settings["clientId"],
    client_secret=settings["clientSecret"],
    server_metadata_url=settings["issuer"] + "/.well-known/openid-configuration",
    client_kwargs={"scope": "openid profile email", "code_challenge_method": "S256"},
)


@app.get("/sign-in")
def sign_in():
    return oauth.stub.authorize_redirect(settings["url"] + "/callback")


@app.get("/callback")
def callback():
    claims = oauth.stub.authorize_access_token()["userinfo"]
    session.clear()
    session["user"] = {"id": claims["sub"], "name": claims["name"], "email": claims["email"]}
    return redirect("/orders")


def require_user(view):
    @functools.wraps(view)
    def guarded():
        if "user" not in session:
            return jsonify(error="Sign in first."), 401
        return view()

    return guarded


add_routes(app, require_user, lambda: session["user"]["name"])
