package io.liiklus.storage.group;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class AssignmentPlanTest {

  @Test
  void onlyMember_ownsAll() {
    assertThat(plan("p 0-4", "m a.1 -")).isEqualTo("1\np 0-4\nm a.1 0-4\n");
  }

  @Test
  void join_takesNoMoreThanItsShare() {
    assertThat(plan("p 0-4", "m a.1 0-4", "m b.1 -"))
        .isEqualTo("1\np 0-4\nm a.1 0-4 3-4\nm b.1 -\n");
  }

  @Test
  void releasedPartitions_goToTheNewMember() {
    assertThat(plan("p 0-4", "m a.1 0-2", "m b.1 -")).isEqualTo("1\np 0-4\nm a.1 0-2\nm b.1 3-4\n");
  }

  @Test
  void leave_movesOnlyWhatTheMemberOwned() {
    assertThat(plan("p 0-5", "m a.1 0-1", "m b.1 4-5"))
        .isEqualTo("1\np 0-5\nm a.1 0-2\nm b.1 3-5\n");
  }

  @Test
  void remainder_staysWithTheMemberThatHasMore() {
    var settled = "1\np 0-2\nm a.1 0\nm b.1 1-2\n";
    assertThat(plan("p 0-2", "m a.1 0", "m b.1 1-2")).isEqualTo(settled);
  }

  @Test
  void flags_areTakenBackWhereTheTakerHasLeft() {
    assertThat(plan("p 0-3", "m a.1 0-3 2-3")).isEqualTo("1\np 0-3\nm a.1 0-3\n");
  }

  @Test
  void partitionOutOfTheTopic_isOwnedByNobody() {
    assertThat(plan("p 0", "e 0-1", "m a.1 0-1 1")).isEqualTo("1\np 0\ne 0\nm a.1 0\n");
  }

  @Test
  void secondPlan_changesNothing() {
    var random = new Random(1);
    for (int i = 0; i < 2_000; i++) {
      var document = new GroupDocument();
      document.partitions.set(0, random.nextInt(40));
      for (int m = 0; m < random.nextInt(6); m++) {
        document.members.add(new MemberShare(new MemberId("g", m)));
      }
      for (int p = 0; p < 45 && !document.members.isEmpty(); p++) {
        var member = document.members.get(random.nextInt(document.members.size()));
        member.owned.set(p, random.nextBoolean());
        member.revoking.set(p, random.nextInt(4) == 0);
      }
      AssignmentPlan.apply(document);
      var planned = document.format();
      AssignmentPlan.apply(document);
      assertThat(document.format()).isEqualTo(planned);
    }
  }

  private static String plan(String... lines) {
    try {
      var document = GroupDocument.parse(("1\n" + String.join("\n", lines) + "\n").getBytes(UTF_8));
      AssignmentPlan.apply(document);
      return document.format();
    } catch (GroupDocument.UnreadableException e) {
      throw new AssertionError(e);
    }
  }
}
