/** Bytes of each of the two numbers of an ES256 signature. */
const HALF = 32;
/** Tags of DER (X.690, 8.3 and 8.9). */
const INTEGER = 0x02;
const SEQUENCE = 0x30;

/** Where an unsigned number begins: without leading zeros, but for one where its first bit would make it negative. */
const writeInteger = (number: Uint8Array, target: Buffer, at: number): number => {
  let zeros = 0;
  while (zeros < HALF - 1 && number[zeros] === 0) zeros += 1;
  const padding = (number[zeros] ?? 0) >= 0x80 ? 1 : 0;
  const length = HALF - zeros + padding;
  target[at] = INTEGER;
  target[at + 1] = length;
  target[at + 2] = 0;
  target.set(number.subarray(zeros), at + 2 + padding);
  return at + 2 + length;
};

/**
 * An ES256 signature as JOSE has it (both numbers in 32 bytes each, RFC 7518, 3.4) in the form that Node verifies
 * without further options. With `dsaEncoding` the same verification takes half as long again.
 */
export const toDer = (signature: Uint8Array): Buffer => {
  const der = Buffer.allocUnsafe(2 * HALF + 8);
  const middle = writeInteger(signature.subarray(0, HALF), der, 2);
  const end = writeInteger(signature.subarray(HALF), der, middle);
  der[0] = SEQUENCE;
  der[1] = end - 2;
  return der.subarray(0, end);
};
