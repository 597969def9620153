/** More turns than this waiting in one chat is not a person typing. */
const LONGEST = 20;

/** Work of one chat runs one after another, in the order it came; chats do not wait for each other. */
export interface Tails {
  /** @returns undefined, without running the work, when too much of this chat waits already. */
  run<Result>(chat: string, work: () => Promise<Result>): Promise<Result> | undefined;
}

export function createTails(): Tails {
  const tails = new Map<string, { last: Promise<void>; length: number }>();
  return {
    run(chat, work) {
      const tail = tails.get(chat) ?? { last: Promise.resolve(), length: 0 };
      if (tail.length >= LONGEST) return undefined;
      tail.length += 1;
      const result = tail.last.then(work);
      tail.last = result.then(done, done);
      tails.set(chat, tail);
      return result;

      function done() {
        tail.length -= 1;
        if (tail.length === 0) tails.delete(chat);
      }
    },
  };
}
