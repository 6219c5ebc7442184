package io.liiklus.positions.redis;

import io.liiklus.api.GroupId;
import io.liiklus.api.GroupPositions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Reader of positions, with the hashes of old names. A version's own positions count; an old name
 * fills in the partitions that the version lacks. Thread-safe.
 */
final class PositionsReader {

  private final PositionKeys keys;
  private final ForeignKeys odd;

  PositionsReader(PositionKeys keys, ForeignKeys odd) {
    this.keys = keys;
    this.odd = odd;
  }

  /** The group's own hash is read whether or not the index has it. */
  CompletionStage<Map<Integer, Long>> find(RedisConnection link, String topic, GroupId group) {
    return spellings(link, topic, group.name())
        .thenCompose(
            spellings -> {
              var digits = spellings.getOrDefault(group.version(), new TreeSet<>());
              return readVersion(link, new Version(topic, group, digits));
            });
  }

  /** The positions by version, then partition; versions without stored positions are left out. */
  CompletionStage<SortedMap<Integer, Map<Integer, Long>>> findVersions(
      RedisConnection link, String topic, String name) {
    return spellings(link, topic, name)
        .thenCompose(
            spellings -> {
              var versions = versions(topic, name, spellings);
              return BoundedConcurrency.ask(versions, version -> readVersion(link, version))
                  .thenApply(answers -> byVersion(versions, answers));
            });
  }

  CompletionStage<List<GroupPositions>> findAll(RedisConnection link) {
    return link.commands()
        .smembers(keys.groupsIndex())
        .thenCompose(
            members -> {
              var groups = new ArrayList<PositionKeys.TopicGroup>();
              members.forEach(member -> PositionKeys.parseMember(member).ifPresent(groups::add));
              return BoundedConcurrency.ask(groups, group -> findGroup(link, group));
            })
        .thenApply(groups -> groups.stream().flatMap(List::stream).toList());
  }

  private CompletionStage<List<GroupPositions>> findGroup(
      RedisConnection link, PositionKeys.TopicGroup group) {
    return findVersions(link, group.topic(), group.name())
        .thenApply(
            versions -> {
              var found = new ArrayList<GroupPositions>();
              versions.forEach(
                  (version, offsets) ->
                      found.add(
                          new GroupPositions(
                              group.topic(), new GroupId(group.name(), version), offsets)));
              return found;
            });
  }

  /** The spellings of each version in the index. */
  private CompletionStage<SortedMap<Integer, SortedSet<String>>> spellings(
      RedisConnection link, String topic, String name) {
    var key = keys.versionsIndex(topic, name);
    return link.commands().smembers(key).thenApply(members -> byNumber(key, members));
  }

  private SortedMap<Integer, SortedSet<String>> byNumber(String key, Set<String> members) {
    var spellings = new TreeMap<Integer, SortedSet<String>>();
    for (var digits : members) {
      int version = PositionKeys.number(digits);
      if (version < 0) {
        odd.passedOver(key, "a member is no version");
      } else {
        spellings.computeIfAbsent(version, absent -> new TreeSet<>()).add(digits);
      }
    }
    return spellings;
  }

  /** Version 0 is looked at in any case, which spares waiting for a scan to find it. */
  private static List<Version> versions(
      String topic, String name, SortedMap<Integer, SortedSet<String>> spellings) {
    var all = new TreeMap<>(spellings);
    if (PositionKeys.isOldName(name)) {
      all.remove(0); // That hash is another name's.
    } else {
      all.putIfAbsent(0, new TreeSet<>());
    }
    var versions = new ArrayList<Version>();
    all.forEach(
        (version, digits) -> versions.add(new Version(topic, new GroupId(name, version), digits)));
    return versions;
  }

  private static SortedMap<Integer, Map<Integer, Long>> byVersion(
      List<Version> versions, List<Map<Integer, Long>> answers) {
    var found = new TreeMap<Integer, Map<Integer, Long>>();
    for (int i = 0; i < answers.size(); i++) {
      if (!answers.get(i).isEmpty()) {
        found.put(versions.get(i).group().version(), answers.get(i));
      }
    }
    return found;
  }

  private CompletionStage<Map<Integer, Long>> readVersion(RedisConnection link, Version version) {
    var group = version.group();
    var plain = Integer.toString(group.version());
    // From weak to strong.
    var hashes = new ArrayList<String>();
    for (var digits : version.spellings()) {
      if (!digits.equals(plain)) {
        hashes.add(keys.oldHash(version.topic(), group.name(), digits));
      }
    }
    hashes.add(keys.oldHash(version.topic(), group.name(), plain));
    hashes.add(keys.hash(version.topic(), group.name(), group.version()));
    return BoundedConcurrency.ask(hashes, hash -> readHash(link, hash))
        .thenApply(
            answers -> {
              var offsets = new HashMap<Integer, Long>();
              answers.forEach(offsets::putAll);
              return offsets;
            });
  }

  private CompletionStage<Map<Integer, Long>> readHash(RedisConnection link, String key) {
    return link.commands()
        .hgetall(key)
        .handle(
            (fields, failure) -> {
              if (failure == null) {
                return CompletableFuture.completedFuture(PositionHash.read(key, fields, odd));
              }
              if (RedisFailures.isWrongType(failure)) {
                odd.passedOver(key, "is no hash");
                return CompletableFuture.completedFuture(Map.<Integer, Long>of());
              }
              return CompletableFuture.<Map<Integer, Long>>failedFuture(failure);
            })
        .thenCompose(answer -> answer);
  }

  /**
   * A version of a group to be read. Immutable.
   *
   * @param spellings of its number, in the index
   */
  private record Version(String topic, GroupId group, SortedSet<String> spellings) {}
}
