const EPOCH = 1_420_070_400_000n;
let made = 0n;

/** An id as Discord makes them: rising with time, unique in this process, 18 or 19 digits. */
export function snowflake(): string {
  made += 1n;
  return (((BigInt(Date.now()) - EPOCH) << 22n) | (made & 0x3fffffn)).toString();
}
