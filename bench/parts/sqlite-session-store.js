import { DatabaseSync } from "node:sqlite";
import session from "express-session";

/**
 * A store for express-session on Node's own SQLite, with statements prepared once: the stores that are published bring a
 * driver that has to be compiled.
 */
export class SqliteSessionStore extends session.Store {
  #sqlite;
  #statements;

  constructor(file) {
    super();
    this.#sqlite = new DatabaseSync(file);
    this.#sqlite.exec(`
      pragma journal_mode = wal; pragma synchronous = normal;
      create table if not exists sessions (sid text primary key, data text not null, expires integer not null) without rowid
    `);
    const prepare = (sql) => this.#sqlite.prepare(sql);
    this.#statements = {
      get: prepare("select data from sessions where sid = ? and expires > ?"),
      set: prepare("insert or replace into sessions (sid, data, expires) values (?, ?, ?)"),
      touch: prepare("update sessions set expires = ? where sid = ?"),
      destroy: prepare("delete from sessions where sid = ?"),
    };
  }

  get(sid, done) {
    const row = this.#statements.get.get(sid, Date.now());
    done(null, row === undefined ? null : JSON.parse(row.data));
  }

  set(sid, data, done) {
    this.#statements.set.run(sid, JSON.stringify(data), endOf(data));
    done?.(null);
  }

  touch(sid, data, done) {
    this.#statements.touch.run(endOf(data), sid);
    done?.(null);
  }

  destroy(sid, done) {
    this.#statements.destroy.run(sid);
    done?.(null);
  }

  /** One transaction around many writes. */
  async together(work) {
    this.#sqlite.exec("begin");
    const result = await work();
    this.#sqlite.exec("commit");
    return result;
  }
}

function endOf({ cookie }) {
  return new Date(cookie.expires).getTime();
}
