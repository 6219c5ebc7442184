package io.liiklus.positions.redis;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One walk over all keys of every master, a page at a time, that adds the keys it finds to the
 * index. Confined to the thread that completes the page before.
 */
final class IndexScan {

  /** About how many keys Redis looks at for one page: less than a millisecond of its time. */
  private static final int KEYS_PER_PAGE = 2_000;

  /** A topic that cannot be: nothing is ever stored for it. */
  private static final String NO_NAME = ".";

  private final RedisConnection link;
  private final PositionKeys keys;
  private final ForeignKeys odd;
  private final ScanArgs pages;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private Iterator<CompletionStage<RedisClusterAsyncCommands<String, String>>> masters;

  IndexScan(RedisConnection link, PositionKeys keys, ForeignKeys odd) {
    this.link = link;
    this.keys = keys;
    this.odd = odd;
    this.pages = ScanArgs.Builder.limit(KEYS_PER_PAGE).match(keys.pattern());
  }

  /**
   * Called once. Completes after all keys; fails where the gateway has no right to read the keys
   * found.
   */
  CompletionStage<Void> run() {
    masters = link.masters().iterator();
    probeReads()
        .whenComplete(
            (allowed, failure) -> {
              if (failure != null) {
                ended.completeExceptionally(failure);
              } else {
                nextMaster();
              }
            });
    return ended;
  }

  /** Tries the commands that read positions on a key that does not exist. */
  private CompletionStage<Void> probeReads() {
    var commands = link.commands();
    return commands
        .smembers(keys.versionsIndex(NO_NAME, NO_NAME))
        .thenCombine(commands.hgetall(keys.hash(NO_NAME, NO_NAME, 0)), (members, fields) -> null);
  }

  private void nextMaster() {
    if (!masters.hasNext()) {
      ended.complete(null);
      return;
    }
    masters
        .next()
        .whenComplete(
            (master, failure) -> {
              if (failure != null) {
                ended.completeExceptionally(failure);
              } else {
                page(master, ScanCursor.INITIAL);
              }
            });
  }

  private void page(RedisClusterAsyncCommands<String, String> master, ScanCursor from) {
    master
        .scan(from, pages)
        .thenCompose(page -> index(page.getKeys()).thenApply(added -> page))
        .whenComplete(
            (page, failure) -> {
              if (failure != null) {
                ended.completeExceptionally(failure);
              } else {
                onPage(master, page);
              }
            });
  }

  private void onPage(
      RedisClusterAsyncCommands<String, String> master, KeyScanCursor<String> page) {
    if (page.isFinished()) {
      nextMaster();
    } else {
      page(master, page);
    }
  }

  /** The versions first: a group that is in the index has its versions there. */
  private CompletionStage<Void> index(List<String> found) {
    Map<PositionKeys.TopicGroup, Set<String>> versions = new HashMap<>();
    for (var key : found) {
      keys.parse(key)
          .ifPresentOrElse(
              stored ->
                  versions
                      .computeIfAbsent(stored.group(), absent -> new TreeSet<>())
                      .add(stored.digits()),
              () -> odd.passedOver(key, "its name is no <topic>:<group>:<version>"));
    }
    if (versions.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    return BoundedConcurrency.ask(versions.entrySet(), this::addVersions)
        .thenCompose(added -> addGroups(versions))
        .thenAccept(added -> {});
  }

  private CompletionStage<Long> addVersions(Map.Entry<PositionKeys.TopicGroup, Set<String>> group) {
    var index = keys.versionsIndex(group.getKey().topic(), group.getKey().name());
    return link.commands().sadd(index, group.getValue().toArray(String[]::new));
  }

  private CompletionStage<Long> addGroups(Map<PositionKeys.TopicGroup, ?> groups) {
    var members =
        groups.keySet().stream().map(PositionKeys.TopicGroup::member).toArray(String[]::new);
    return link.commands().sadd(keys.groupsIndex(), members);
  }
}
