/**
 * What the link carried by which the person came (`/?start=course_excel-04`), and takes it out of the
 * address: a reload or a copied address does not do it again.
 */
export function takePayload(): string | undefined {
  const address = new URL(location.href);
  const payload = address.searchParams.get('start');
  if (payload === null) return undefined;
  address.searchParams.delete('start');
  history.replaceState(null, '', address);
  return /^[\w-]{1,64}$/.test(payload) ? payload : undefined;
}
