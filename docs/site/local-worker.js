// A page that was opened from a folder may start no worker: there, a hidden frame runs the script in its place.
if (location.protocol === "file:") {
  window.Worker = class LocalWorker extends EventTarget {
    constructor(address) {
      super();
      this.onmessage = this.onerror = this.onmessageerror = null;
      this.waiting = [];
      this.frame = document.createElement("iframe");
      this.frame.hidden = true;
      document.body.append(this.frame);
      const inside = this.frame.contentWindow;
      // As with a worker, a message is a copy, and none arrives while the code runs that sends it.
      inside.postMessage = (message) => {
        const data = structuredClone(message);
        setTimeout(() => this.told(new MessageEvent("message", { data })));
      };
      const script = inside.document.createElement("script");
      script.src = new URL(address, location.href).href;
      script.onload = () => {
        this.waiting.forEach((data) => this.give(data));
        this.waiting = null;
      };
      script.onerror = () => this.told(new Event("error"));
      inside.document.head.append(script);
    }

    told(event) {
      this.dispatchEvent(event);
      const handler = this[`on${event.type}`];
      if (handler) handler.call(this, event);
    }

    give(data) {
      const inside = this.frame.contentWindow;
      if (inside) inside.dispatchEvent(new inside.MessageEvent("message", { data }));
    }

    postMessage(message) {
      const data = structuredClone(message);
      if (this.waiting) this.waiting.push(data);
      else setTimeout(() => this.give(data));
    }

    terminate() {
      this.frame.remove();
    }
  };
}
