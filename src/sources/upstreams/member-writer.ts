import type { InstanceView, MemberStatus, UpstreamMember } from '../../core/index.ts';

/** Where the rows of upstreams go: the roster, which keeps those of each member apart and lists them as one (PU6). */
export interface MemberWriter {
  addMember(member: UpstreamMember): void;
  /** Changes rows of a member; keys that it does not have are removed without effect. */
  writeMember(
    id: string,
    changes: { readonly upsert: readonly InstanceView[]; readonly remove: readonly string[] },
  ): void;
  setMemberStatus(id: string, status: MemberStatus): void;
  /** Removes a member and its rows. */
  removeMember(id: string): void;
}
