import { parentPort, type Transferable } from 'node:worker_threads'

/**
 * What a thread of a {@link ThreadPool} does: performs one request after another. An error that `perform` throws ends the thread and
 * rejects the request.
 *
 * @param transfer what of a reply is handed over instead of copied.
 */
export function serveThread<Request, Reply>(
  perform: (request: Request) => Reply | Promise<Reply>,
  transfer: (reply: Reply, request: Request) => Transferable[] = () => [],
): void {
  const answer = async (request: Request) => {
    const reply = await perform(request)
    parentPort?.postMessage(reply, transfer(reply, request))
  }
  parentPort?.on('message', (request: Request) => {
    void answer(request) // a rejection that nobody handles ends the thread, as it should
  })
}
