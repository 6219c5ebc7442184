package io.liiklus.cli;

import com.github.bsideup.liiklus.protocol.Assignment;
import com.github.bsideup.liiklus.protocol.SubscribeReply;
import com.github.bsideup.liiklus.protocol.SubscribeRequest;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;

/** One Subscribe call: a member of the group for as long as it runs. Confined to the loop. */
final class Membership implements ClientResponseObserver<SubscribeRequest, SubscribeReply> {

  /** Hears of one membership, until it is cancelled. Called on the loop. */
  interface Observer {
    /** The gateway has opened the session; a topic that is not there yet has no assignments. */
    void onOpened();

    void onAssigned(Assignment assignment);

    void onEnded(Status status);
  }

  private final Observer observer;
  private ClientCallStreamObserver<SubscribeRequest> call;
  private boolean isCancelled;

  private Membership(Observer observer) {
    this.observer = observer;
  }

  static Membership open(Gateway gateway, ReceivePlan plan, Observer observer) {
    var membership = new Membership(observer);
    gateway
        .stub()
        .withInterceptors(membership.new HeadersWatch())
        .subscribe(plan.subscribe(), membership);
    return membership;
  }

  /** Leaves the group; nothing more is heard of it. */
  void cancel() {
    isCancelled = true;
    call.cancel("leaving the group", null);
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<SubscribeRequest> started) {
    call = started;
  }

  @Override
  public void onNext(SubscribeReply reply) {
    if (!isCancelled && reply.hasAssignment()) {
      observer.onAssigned(reply.getAssignment());
    }
  }

  @Override
  public void onCompleted() {
    if (!isCancelled) {
      observer.onEnded(Status.OK);
    }
  }

  @Override
  public void onError(Throwable failure) {
    if (!isCancelled) {
      observer.onEnded(CallEnd.of(failure));
    }
  }

  /** Stream observers get no headers, and these say that the session is open. */
  private final class HeadersWatch implements ClientInterceptor {
    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(
        MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
      return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
        @Override
        public void start(Listener<A> listener, Metadata headers) {
          super.start(new Watched<>(listener), headers);
        }
      };
    }
  }

  /** Tells of the headers. Confined to the loop. */
  private final class Watched<A> extends SimpleForwardingClientCallListener<A> {
    private Watched(ClientCall.Listener<A> listener) {
      super(listener);
    }

    @Override
    public void onHeaders(Metadata headers) {
      if (!isCancelled) {
        observer.onOpened();
      }
      super.onHeaders(headers);
    }
  }
}
