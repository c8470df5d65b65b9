import type { Machine, Results } from '../results.ts';
import { latencySection } from './latency.ts';
import { appendsSection, messagesSection, nodesSection } from './rates.ts';
import { catchUpSection, fanOutSection, idleSection } from './readers.ts';
import type { Section } from './section.ts';
import { judge } from './targets.ts';
import { arrivalsSection, hostPageSection, longOpeningSection, openingSection } from './widget.ts';

const sectionsOf = (results: Results): Section[] =>
  [
    latencySection(results),
    messagesSection(results),
    appendsSection(results),
    nodesSection(results),
    fanOutSection(results),
    catchUpSection(results),
    idleSection(results),
    openingSection(results),
    longOpeningSection(results),
    arrivalsSection(results),
    hostPageSection(results),
  ].filter(({ rows }) => rows.length > 0);

const headOf = ({ processors, processor, kernel, versions, ...machine }: Machine): string[] => [
  `${processors} × ${processor}, ${kernel}`,
  Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', '),
  `load before the run ${machine.loadBefore.toFixed(2)}, at its end ${machine.loadAfter.toFixed(2)}; ${Math.round(machine.seconds)} s; ${machine.at}`,
];

const isRatio = (column: number, { head }: Section): boolean => / over |^over /.test(head[column] ?? '');

const alignedTable = (section: Section): string[] => {
  const rows = [section.head, ...section.rows];
  const widths = section.head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const align = (cell: string, column: number): string =>
    isRatio(column, section) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
  return rows.map((row) => row.map(align).join('   ').trimEnd());
};

/** The report as a terminal shows it. */
export const toText = (results: Results): string => {
  const sections = sectionsOf(results).flatMap((section) => [
    '',
    section.title,
    section.note,
    ...alignedTable(section),
  ]);
  const targets = judge(results).map(
    ({ promise, met, words }) => `${met ? 'met   ' : 'missed'}  ${promise}: ${words}`,
  );
  return [
    ...headOf(results.machine),
    ...(targets.length > 0 ? ['', 'Targets', ...targets] : []),
    ...sections,
    ...(results.notMeasured.length > 0 ? ['', 'Not measured', ...results.notMeasured] : []),
  ].join('\n');
};

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const pageTable = (section: Section): string[] => [
  line(section.head),
  line(section.head.map((_, column) => (isRatio(column, section) ? '--:' : '---'))),
  ...section.rows.map(line),
];

/** The report for a page: `docs/benchmarks.md` ends with one. */
export const toMarkdown = (results: Results): string => {
  const sections = sectionsOf(results).flatMap((section) => [
    '',
    `### ${section.title}`,
    '',
    section.note,
    '',
    ...pageTable(section),
  ]);
  const targets = judge(results).map(({ promise, met, words }) =>
    line([met ? 'met' : '**missed**', promise, words]),
  );
  return [
    ...headOf(results.machine).map((text) => `- ${text}`),
    ...(targets.length > 0
      ? ['', '### Targets', '', '|  | promised | measured |', '| --- | --- | --- |', ...targets]
      : []),
    ...sections,
    ...(results.notMeasured.length > 0
      ? ['', '### Not measured', '', ...results.notMeasured.map((text) => `- ${text}`)]
      : []),
  ].join('\n');
};
