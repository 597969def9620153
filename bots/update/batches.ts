/** Items written together with those that come while the write before is under way. */
export interface Batches<Item> {
  /** Resolves when the item is written; rejects with what its write failed of. */
  add(items: readonly Item[]): Promise<void>;
}

export function createBatches<Item>(write: (items: Item[]) => Promise<void>): Batches<Item> {
  let gathered: Item[] = [];
  /** The write that will take what is gathered now. */
  let next: Promise<void> | undefined;
  let current: Promise<void> = Promise.resolve();
  return {
    add(items) {
      gathered.push(...items);
      next ??= begin(current);
      return next;
    },
  };

  async function begin(before: Promise<void>): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    // What the write before failed of is told to those who wait for it.
    await before.catch(() => {});
    const items = gathered;
    gathered = [];
    current = next!;
    next = undefined;
    await write(items);
  }
}
