/** One end of a connection between page and host, however it is made: MessagePort or WebSocket. Messages are plain data. */
export interface Channel {
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** The other end is gone for good. */
  onClose(listener: () => void): void
}
