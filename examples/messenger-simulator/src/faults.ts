/** What can go wrong with the next Send API calls. */
export const FAULTS = ['drop_before_send', 'drop_after_send', 'error_500', 'rate_limit', 'slow'] as const;
export type Fault = (typeof FAULTS)[number];

export interface PlannedFault {
  next: Fault;
  /** How many calls it spoils. */
  count: number;
  /** For `slow`: milliseconds. */
  delayMs: number;
}

/** The faults that wait for Send API calls, first planned first used. */
export const createFaults = () => {
  let planned: PlannedFault[] = [];
  return {
    plan(fault: PlannedFault): void {
      planned.push({ ...fault });
    },
    clear(): void {
      planned = [];
    },
    /** The fault for this call; null: all goes well. */
    take(): PlannedFault | null {
      const fault = planned[0];
      if (fault === undefined) return null;
      fault.count -= 1;
      if (fault.count <= 0) planned.shift();
      return fault;
    },
  };
};
