import { connect, type Socket } from "node:net";

/** One HTTP/1.1 connection that is kept; one request at a time. It reads no more of an answer than its status and its end. */
export class Connection {
  readonly #port: number;
  #socket: Socket;
  #received = "";
  #answered: ((status: number) => void) | null = null;
  #failed: ((error: Error) => void) | null = null;
  #closed = false;

  constructor(port: number) {
    this.#port = port;
    this.#socket = this.#open();
  }

  /** Sends the bytes of a request; resolves with the status when the answer is there, whole. */
  send(request: Buffer): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#answered = resolve;
      this.#failed = reject;
      this.#received = "";
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#closed = true;
    this.#socket.destroy();
  }

  #open(): Socket {
    const socket = connect({ port: this.#port, host: "127.0.0.1", noDelay: true });
    socket.on("data", (chunk) => this.#receive(chunk));
    socket.on("error", (error) => this.#fail(error));
    socket.on("close", () => {
      if (this.#closed || socket !== this.#socket) return;
      this.#fail(new Error("The server closed the connection before it had answered."));
      this.#socket = this.#open();
    });
    return socket;
  }

  #receive(chunk: Buffer): void {
    // One character for each byte, so that the lengths agree.
    this.#received += chunk.toString("latin1");
    const head = this.#received.indexOf("\r\n\r\n");
    if (head === -1 || !isWhole(this.#received, head)) return;
    const answered = this.#answered;
    this.#answered = null;
    this.#failed = null;
    if (/\r\nconnection: close\r\n/i.test(this.#received.slice(0, head + 2))) {
      this.#socket.destroy();
      this.#socket = this.#open();
    }
    answered?.(Number(this.#received.slice(9, 12)));
  }

  #fail(error: Error): void {
    this.#failed?.(error);
    this.#answered = null;
    this.#failed = null;
  }
}

const LENGTH = /\r\ncontent-length: *(\d+)/i;

function isWhole(received: string, head: number): boolean {
  const length = LENGTH.exec(received)?.[1];
  // Without a length it comes in chunks, of which the last is empty (RFC 9112 §7.1).
  if (length === undefined) return received.endsWith("\r\n0\r\n\r\n");
  return received.length >= head + 4 + Number(length);
}
