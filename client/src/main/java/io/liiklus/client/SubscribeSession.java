package io.liiklus.client;

import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.github.bsideup.liiklus.protocol.SubscribeReply;
import com.github.bsideup.liiklus.protocol.SubscribeRequest;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;

/** One Subscribe, for a gateway without Consume. Confined to the loop. */
final class SubscribeSession extends ClientCall.Listener<SubscribeReply> implements Session {

  private final GroupMember member;
  private final ClientCall<SubscribeRequest, SubscribeReply> call;

  private SubscribeSession(GroupMember member) {
    this.member = member;
    this.call = member.channel().call(LiiklusServiceGrpc.getSubscribeMethod());
  }

  static SubscribeSession open(GroupMember member) {
    var session = new SubscribeSession(member);
    session.call.start(session, new Metadata());
    session.call.sendMessage(member.options().subscription());
    session.call.halfClose();
    session.call.request(Integer.MAX_VALUE);
    return session;
  }

  @Override
  public void onHeaders(Metadata headers) {
    member.onJoined(this);
  }

  @Override
  public void onMessage(SubscribeReply reply) {
    if (reply.hasAssignment()) {
      member.onAssigned(this, new ReceiveLink(member, reply.getAssignment()));
    }
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    member.onSessionEnded(this, status);
  }

  @Override
  public void close() {
    call.cancel("the consumer is closed", null);
  }

  @Override
  public void abandon() {
    close();
  }

  @Override
  public boolean isEndAwaited() {
    return false;
  }
}
