import type { InstanceView } from '../../core/index.ts';

/** Whether the rows of a member can be trusted to be current. */
export type UpstreamMemberStatus =
  | { readonly kind: 'up' }
  | {
      readonly kind: 'unreachable';
      /** Milliseconds since the epoch. */
      readonly sinceMs: number;
    };

/** Where the rows of upstreams go: the roster, which keeps those of each member apart and lists them as one (PU6). */
export interface MemberWriter {
  addMember(member: {
    readonly id: string;
    readonly kind: 'upstream';
    readonly name: string;
    readonly maxRows: number;
  }): void;
  /** Changes rows of a member; keys that it does not have are removed without effect. */
  writeMember(
    id: string,
    changes: { readonly upsert: readonly InstanceView[]; readonly remove: readonly string[] },
  ): void;
  setMemberStatus(id: string, status: UpstreamMemberStatus): void;
  /** Forgets a member and its rows. */
  removeMember(id: string): void;
}
