export interface SseEvent {
  event: string;
  data: unknown;
}

/** Reads server-sent events as they come. */
export const readSse = async (response: Response) => {
  if (!response.body) throw new Error('there is no body');
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = '';

  const parse = (block: string): SseEvent => {
    const lines = block.split('\n');
    const field = (name: string) =>
      lines
        .filter((line) => line.startsWith(`${name}: `))
        .map((line) => line.slice(name.length + 2))
        .join('\n');
    return { event: field('event'), data: JSON.parse(field('data')) };
  };

  /** The next event; null at the end. */
  const next = async (): Promise<SseEvent | null> => {
    for (;;) {
      const end = buffer.indexOf('\n\n');
      if (end >= 0) {
        const block = buffer.slice(0, end);
        buffer = buffer.slice(end + 2);
        return parse(block);
      }
      const { value, done } = await reader.read();
      if (done) return null;
      buffer += value;
    }
  };

  return {
    next,
    /** Reads up to and including the first event that fits. */
    async until(fits: (event: SseEvent) => boolean): Promise<SseEvent[]> {
      const events: SseEvent[] = [];
      for (;;) {
        const event = await next();
        if (!event) throw new Error(`the stream ended after ${JSON.stringify(events)}`);
        events.push(event);
        if (fits(event)) return events;
      }
    },
    cancel: () => reader.cancel(),
  };
};
