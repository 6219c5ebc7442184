package io.liiklus.faults.load;

import io.liiklus.faults.deployment.Address;
import io.liiklus.faults.journal.Event.Published;
import io.liiklus.faults.journal.Journal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Members of one group, and the records that they received together. Thread-safe. */
public final class Group implements AutoCloseable {

  private final Plan plan;
  private final List<Address> addresses;
  private final Journal journal;
  private final List<Member> members = new CopyOnWriteArrayList<>();
  private final Map<Integer, Set<Long>> received = new ConcurrentHashMap<>();
  private final Map<Integer, CountDownLatch> stalls = new ConcurrentHashMap<>();
  private int joined;

  public Group(Plan plan, List<Address> addresses, Journal journal) {
    this.plan = plan;
    this.addresses = addresses;
    this.journal = journal;
  }

  public Plan plan() {
    return plan;
  }

  public String name() {
    return plan.group();
  }

  /** A new member, the first on the first gateway, the second on the second, and so on. */
  public synchronized Member join(Pace pace) {
    return join(pace, joined);
  }

  /** A new member that begins on this gateway, counted from 0. */
  public synchronized Member join(Pace pace, int gateway) {
    joined++;
    var member = new Member(this, plan.group() + "-" + joined, pace, gateway);
    members.add(member);
    member.start();
    return member;
  }

  public void leave(Member member) {
    members.remove(member);
    member.close();
  }

  public List<Member> members() {
    return members;
  }

  /** From now on nobody of the group reads this partition any further. */
  public void stall(int partition) {
    stalls.put(partition, new CountDownLatch(1));
  }

  public void resume(int partition) {
    stalls.remove(partition).countDown();
  }

  public boolean hasReceived(Published record) {
    return hasReceived(record.partition(), record.offset());
  }

  public boolean hasReceived(int partition, long offset) {
    return received.getOrDefault(partition, Set.of()).contains(offset);
  }

  /** Number of different records received. */
  public long receivedCount() {
    return received.values().stream().mapToLong(Set::size).sum();
  }

  List<Address> addresses() {
    return addresses;
  }

  Journal journal() {
    return journal;
  }

  void onReceived(int partition, long offset) {
    received.computeIfAbsent(partition, none -> ConcurrentHashMap.newKeySet()).add(offset);
  }

  /** Returns when the partition may be read. */
  void pass(int partition) throws InterruptedException {
    var stall = stalls.get(partition);
    if (stall != null) {
      stall.await();
    }
  }

  /** All members leave. */
  @Override
  public void close() {
    List.copyOf(stalls.keySet()).forEach(this::resume);
    var leaving = new ArrayList<>(members);
    members.clear();
    leaving.forEach(Member::cancel);
    leaving.forEach(Member::close);
  }
}
