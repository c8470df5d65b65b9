/**
 * Reads server-sent events (HTML Standard §9.2) from text that arrives in any pieces. `onFrame` hears each event's name
 * and data; comments and other fields are skipped.
 */
export const createSseParser = (onFrame: (event: string, data: string) => void) => {
  let rest = '';
  return (text: string): void => {
    const frames = (rest + text).split(/\r?\n\r?\n/);
    rest = frames.pop() ?? '';
    for (const frame of frames) {
      let event = 'message';
      const data: string[] = [];
      for (const line of frame.split(/\r?\n/)) {
        const [, field, value = ''] = /^(\w+):? ?(.*)/.exec(line) ?? [];
        if (field === 'event') event = value;
        if (field === 'data') data.push(value);
      }
      if (data.length > 0) onFrame(event, data.join('\n'));
    }
  };
};
