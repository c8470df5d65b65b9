/** What a node says to the others: small, and of use only while it is fresh. */
export interface NodeMessage {
  type: string;
  [field: string]: unknown;
}

export interface BusListener {
  /** What another node sent, never one's own. `from`: that node's id. Parse it: another version may have sent it. */
  onMessage(message: unknown, from: string): void;
  /** Some messages may have been missed: the connection was lost and is back. */
  onGap(): void;
}

/** Short-lived news between the nodes of one deployment. Whoever needs the truth reads the rows. */
export interface Bus {
  /** Of this process, new at each start. */
  readonly nodeId: string;
  /**
   * To every other node, soon and in order; lost where nobody listens. What is sent in one turn of the event loop goes
   * out together. At most 7,000 bytes of JSON a message.
   */
  send(message: NodeMessage): void;
  /** Returns how to stop. */
  listen(listener: BusListener): () => void;
  close(): Promise<void>;
}

/** For the embedded engine: there are no other nodes. */
export const createSilentBus = (): Bus => ({
  nodeId: 'only',
  send() {},
  listen: () => () => {},
  async close() {},
});
