package io.liiklus.storage.group;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Row of a group on one topic: its partitions, its members, and the owner of each partition.
 * Confined to its owner.
 *
 * <p>As text, a line each; sets of partitions as in {@link PartitionRanges}:
 *
 * <pre>
 *   1                                     the format
 *   p 0-7                                 partitions of the topic
 *   e 0-1                                 of these, those that were read to their end; if any
 *   m &lt;gateway&gt;.&lt;number&gt; 0-3 2        a member: what it owns, and what it is to give up; if any
 * </pre>
 */
final class GroupDocument {

  private static final String FORMAT = "1";

  /** A document that this gateway cannot read, and so must not change. */
  static final class UnreadableException extends Exception {

    private static final long serialVersionUID = 1;

    UnreadableException(String message) {
      super(message);
    }
  }

  final BitSet partitions = new BitSet();
  final BitSet ended = new BitSet();

  /** In the order in which they joined. */
  final List<MemberShare> members = new ArrayList<>();

  /** Null where there is no such member. */
  MemberShare member(MemberId id) {
    for (var member : members) {
      if (member.id.equals(id)) {
        return member;
      }
    }
    return null;
  }

  /** Null where nobody owns it. */
  MemberShare owner(int partition) {
    for (var member : members) {
      if (member.owned.get(partition)) {
        return member;
      }
    }
    return null;
  }

  boolean names(String gateway) {
    return members.stream().anyMatch(member -> member.id.gateway().equals(gateway));
  }

  GroupDocument copy() {
    var copy = new GroupDocument();
    copy.partitions.or(partitions);
    copy.ended.or(ended);
    for (var member : members) {
      var share = new MemberShare(member.id);
      share.owned.or(member.owned);
      share.revoking.or(member.revoking);
      copy.members.add(share);
    }
    return copy;
  }

  String format() {
    var text = new StringBuilder(FORMAT).append('\n');
    text.append("p ").append(PartitionRanges.format(partitions)).append('\n');
    if (!ended.isEmpty()) {
      text.append("e ").append(PartitionRanges.format(ended)).append('\n');
    }
    for (var member : members) {
      text.append("m ").append(member.id).append(' ').append(PartitionRanges.format(member.owned));
      if (!member.revoking.isEmpty()) {
        text.append(' ').append(PartitionRanges.format(member.revoking));
      }
      text.append('\n');
    }
    return text.toString();
  }

  byte[] bytes() {
    return format().getBytes(UTF_8);
  }

  static GroupDocument parse(byte[] bytes) throws UnreadableException {
    var lines = new String(bytes, UTF_8).split("\n");
    if (!lines[0].equals(FORMAT)) {
      throw new UnreadableException("its format is " + lines[0] + ", known here is " + FORMAT);
    }
    var document = new GroupDocument();
    for (int i = 1; i < lines.length; i++) {
      try {
        document.parseLine(lines[i].split(" "));
      } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException damaged) {
        throw new UnreadableException("line " + (i + 1) + " is damaged: " + damaged.getMessage());
      }
    }
    return document;
  }

  private void parseLine(String[] words) {
    switch (words[0]) {
      case "p" -> partitions.or(PartitionRanges.parse(words[1]));
      case "e" -> ended.or(PartitionRanges.parse(words[1]));
      case "m" -> {
        var member = new MemberShare(MemberId.parse(words[1]));
        member.owned.or(PartitionRanges.parse(words[2]));
        if (words.length > 3) {
          member.revoking.or(PartitionRanges.parse(words[3]));
        }
        members.add(member);
      }
      default -> throw new IllegalArgumentException(words[0]);
    }
  }
}
