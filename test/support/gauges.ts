/** Reads one figure of a server's `/metrics`; the sum over `labels` that are not named. */
export const readMetric = async (url: string, name: string, label = ''): Promise<number> => {
  const text = await (await fetch(`${url}/metrics`)).text();
  let sum = 0;
  for (const line of text.split('\n')) {
    const [, found, labels = '', value] = /^([a-z_]+)(\{[^}]*\})? (\S+)$/.exec(line) ?? [];
    if (found === name && labels.includes(label)) sum += Number(value);
  }
  return sum;
};

/** Bytes that the server's process holds in memory. */
export const residentMemory = (url: string): Promise<number> =>
  readMetric(url, 'process_resident_memory_bytes');

/** Open live streams of customers. */
export const openStreams = (url: string): Promise<number> =>
  readMetric(url, 'continuo_open_streams', 'reader="customer"');
