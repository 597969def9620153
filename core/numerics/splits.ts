/**
 * A number in [0, 1) that depends on the seed and the id alone: who is held out does not change
 * when others come or go. FNV-1a over UTF-16 units, finished with the mixer of MurmurHash3.
 */
export function hashUnit(seed: number, id: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
