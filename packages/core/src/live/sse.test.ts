import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSseParser } from './sse.ts';

const read = (pieces: readonly string[]) => {
  const frames: [string, string][] = [];
  const parse = createSseParser((event, data) => frames.push([event, data]));
  pieces.forEach(parse);
  return frames;
};

const STREAM = [
  ': a comment\n\n',
  'event: data\ndata: [\ndata:{"a": 1}\ndata: ]\n\n',
  'event: heartbeat\n\n',
  'id: 7\r\nevent: signal\r\ndata: {"text":"a: b"}\r\n\r\n',
  'data:  two spaces\n\n',
  'event: control\ndata: {}',
].join('');
const FRAMES = [
  ['data', '[\n{"a": 1}\n]'],
  ['signal', '{"text":"a: b"}'],
  ['message', ' two spaces'],
];

test('events are read as the standard says; an unfinished one is not told', () => {
  expect(read([STREAM])).toEqual(FRAMES);
});

test('it does not matter where the network cuts the text', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(STREAM.length)), (cuts) => {
      const ends = [...cuts, STREAM.length].sort((a, b) => a - b);
      const pieces = ends.map((end, index) => STREAM.slice(ends[index - 1] ?? 0, end));
      expect(read(pieces)).toEqual(FRAMES);
    }),
  );
});
