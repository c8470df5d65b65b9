import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** One thing that a process asked of the system, at its place in the order of all. Paths are absolute. */
export type Call =
  | { do: 'create' | 'remove' | 'sync'; path: string }
  | { do: 'write'; path: string; at: number; data: Buffer }
  | { do: 'truncate'; path: string; size: number }
  | { do: 'rename'; path: string; to: string }
  /** Something left by a socket. */
  | { do: 'send'; data: Buffer };

const TRACED =
  'openat,write,writev,pwrite64,pwritev,sendto,sendmsg,fsync,fdatasync,ftruncate,unlink,unlinkat,rename,renameat,renameat2';
/** More than any one write of the server. */
const LONGEST = 1_000_000;

/** What to run a program under, so that its calls are written to `file`. `-D`: the program stays our own child. */
export const straceCommand = (file: string): string[] =>
  `strace -D -f -y -xx -s ${LONGEST} -e trace=${TRACED} -o`.split(' ').concat(file);

/** @throws Error in plain words where programs cannot be traced */
export const checkStrace = async (): Promise<void> => {
  try {
    await promisify(execFile)('strace', ['-f', '-o', '/dev/null', '-e', 'trace=write', 'true']);
  } catch (error) {
    throw new Error(
      'What a process writes and syncs is seen by strace (Linux, `apt-get install strace`), which must be allowed to trace (ptrace). It cannot run here.',
      { cause: error },
    );
  }
};

const toBytes = (hex: string): Buffer => Buffer.from(hex.replaceAll('\\x', ''), 'hex');
const toText = (hex: string): string => toBytes(hex).toString();

const LINE = /^(\d+) +(?:<\.\.\. \w+ resumed>)?(.*)$/;
const CALL = /^(\w+)\((.*)\) += (-?\d+)/;
const FD = /^\d+<((?:\\x[0-9a-f]{2})*)>/;
const STRINGS = /"((?:\\x[0-9a-f]{2})*)"/g;

const stringsIn = (args: string): string[] => [...args.matchAll(STRINGS)].map(([, hex = '']) => hex);

const toWrite = (name: string, args: string, result: number): Call | null => {
  const path = toText(FD.exec(args)?.[1] ?? '');
  const data = Buffer.concat(stringsIn(args).map(toBytes));
  if (path.startsWith('socket:') || name.startsWith('send')) return { do: 'send', data };
  if (!name.startsWith('p')) return null;
  const at = Number(/, (\d+)$/.exec(args)?.[1]);
  if (data.length < result) throw new Error('the trace does not hold all that was written');
  return { do: 'write', path, at, data: data.subarray(0, result) };
};

const toCall = (name: string, args: string, result: number): Call | null => {
  if (result < 0) return null;
  if (name.includes('write') || name.startsWith('send')) return toWrite(name, args, result);
  const path = toText(FD.exec(args)?.[1] ?? '');
  const [first = '', second = ''] = stringsIn(args).map(toText);
  if (name === 'fsync' || name === 'fdatasync') return { do: 'sync', path };
  if (name === 'ftruncate') return { do: 'truncate', path, size: Number(/, (\d+)$/.exec(args)?.[1]) };
  if (name.startsWith('unlink')) return { do: 'remove', path: first };
  if (name.startsWith('rename')) return { do: 'rename', path: first, to: second };
  return args.includes('O_CREAT') ? { do: 'create', path: first } : null;
};

const UNFINISHED = '<unfinished ...>';
/** `socket:`, as paths are written. */
const SOCKET = /^\w+\(\d+<\\x73\\x6f\\x63\\x6b\\x65\\x74\\x3a/;
/** How a call looks that a kill has ended. */
const KILLED = ' = ?';

/**
 * Reads a trace: calls in the order in which they ended, and what was sent in the order in which its sending began, even
 * where a kill kept it from ending.
 */
export const readTrace = async (file: string): Promise<Call[]> => {
  const calls: Call[] = [];
  /** By thread: the first part of a call during which another thread was seen. */
  const begun = new Map<string, string>();
  for (const line of (await readFile(file, 'latin1')).split('\n')) {
    const [, thread = '', text = ''] = LINE.exec(line) ?? [];
    if (text.endsWith(UNFINISHED) || text.endsWith(KILLED)) {
      const first = text.replace(UNFINISHED, '').trimEnd();
      begun.set(thread, SOCKET.test(first) ? '' : first);
      if (SOCKET.test(first)) calls.push({ do: 'send', data: Buffer.concat(stringsIn(first).map(toBytes)) });
      continue;
    }
    const before = line.includes(' resumed>') ? begun.get(thread) : '';
    const [, name = '', args = '', result = ''] = CALL.exec(`${before}${text}`) ?? [];
    const call = name && toCall(name, args, Number(result));
    if (call) calls.push(call);
  }
  return calls;
};
