// Python, in a Worker that can be ended and started anew.
import { assets } from "./assets.js";

const LONGEST_START = 90_000; // milliseconds; where WebAssembly is forbidden, loading never ends by itself

export class Python {
  #worker = null;
  #waiting = new Map();
  #count = 0;
  #ready = null;
  onprogress = () => {};

  // Resolves to what can be chosen, once Python is there.
  start() {
    this.#ready ??= this.#start();
    return this.#ready;
  }

  async #start() {
    const { source, wasm, python, lock } = await assets();
    const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    const worker = new Worker(address);
    this.#worker = worker;
    worker.onmessage = ({ data }) => this.#take(data);
    const failed = new Promise((_, reject) => {
      worker.onerror = (event) => reject(new Error(event.message || "the Worker does not start"));
      setTimeout(() => reject(new Error("it takes too long")), LONGEST_START);
    });
    try {
      return await Promise.race([this.#send("start", { wasm, python, lock }), failed]);
    } finally {
      URL.revokeObjectURL(address);
    }
  }

  #take({ id, answer, error, progress }) {
    if (progress) return this.onprogress(progress);
    const { resolve, reject } = this.#waiting.get(id);
    this.#waiting.delete(id);
    return error === undefined ? resolve(answer) : reject(new Error(error));
  }

  #send(call, given) {
    const id = (this.#count += 1);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, call, given });
    });
  }

  async call(call, given = {}) {
    await this.start();
    return this.#send(call, given);
  }

  // Calls a function of page_side.py.
  ask(name, asked) {
    return this.call("ask", { name, asked });
  }

  // Ends whatever runs; the next call starts Python anew.
  cancel() {
    this.#worker?.terminate();
    this.#worker = this.#ready = null;
    for (const { reject } of this.#waiting.values()) reject(new Canceled());
    this.#waiting.clear();
    return this.start();
  }
}

export class Canceled extends Error {}
