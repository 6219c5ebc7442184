package io.liiklus.storage.group;

import java.util.Collection;
import java.util.concurrent.CompletionStage;

/** The partitions of one member, which its group gives and takes. Confined to the groups' loop. */
interface MemberPartitions {

  /** Nobody else reads these now. */
  void assign(Collection<Integer> partitions);

  /** Ends the reads of these. Completes, on any thread, when their acks are stored. */
  CompletionStage<Void> revoke(Collection<Integer> partitions);

  /** Ends the reads of these, which may have another owner by now. */
  void lose(Collection<Integer> partitions);

  /** The group was left. Nothing follows. */
  void onLeft();
}
