/** The demo's agents. Their pictures are drawn, `pictures/<id>.svg`. */
export const AGENTS = [
  { id: 'sara', name: 'Sara Lindqvist', email: 'sara@nimbus.example' },
  { id: 'omar', name: 'Omar Haddad', email: 'omar@nimbus.example' },
  { id: 'mei', name: 'Mei Tanaka', email: 'mei@nimbus.example' },
] as const;
export type DemoAgent = (typeof AGENTS)[number];
