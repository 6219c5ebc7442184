package io.liiklus.server.grpc.calls;

import com.github.bsideup.liiklus.protocol.ConsumeRequest;
import com.github.bsideup.liiklus.protocol.ConsumeStart;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.liiklus.api.AccessRequest.Operation;
import io.liiklus.server.grpc.codec.reply.EncodedReply;
import io.liiklus.server.grpc.codec.request.Request;
import io.liiklus.server.grpc.codec.status.BadRequest;
import io.liiklus.server.grpc.codec.status.Statuses;
import io.liiklus.server.grpc.consume.ConsumeTerms;
import io.liiklus.server.grpc.consume.Consumption;
import io.liiklus.server.grpc.quota.ConnectionQuotas;
import io.liiklus.server.quota.PrincipalQuota;
import io.liiklus.server.security.Principal;

/**
 * A Consume: its requests, one after the other, and its end. What they ask for is done by a {@link
 * Consumption}. Confined to the call's event loop.
 */
final class ConsumeCall extends StreamCall<ConsumeRequest, EncodedReply>
    implements Consumption.Client {

  static final Status NO_START =
      Status.INVALID_ARGUMENT.withDescription("the call ended without a request; start is first");

  private ConsumeTerms terms;

  /** Null until the first request has come. */
  private Consumption consumption;

  /** Whose session it is counted as; null as long as it is not. */
  private PrincipalQuota quota;

  /** The client has ended the call, which ends once all is stored. */
  private boolean isClosing;

  ConsumeCall(
      ServerCall<Request<ConsumeRequest>, EncodedReply> call,
      EventLoop loop,
      StreamContext context) {
    super(call, loop, context);
    call.setOnReadyThreshold(context.readyThresholdBytes());
    call.request(1);
  }

  @Override
  public void onMessage(Request<ConsumeRequest> request) {
    if (isDone()) {
      return;
    }
    try {
      handle(request.messageOrThrow());
      if (!isDone()) {
        call.request(1);
      }
    } catch (RuntimeException refused) {
      end(Statuses.of(refused));
    }
  }

  private void handle(ConsumeRequest request) {
    if (request.hasStart()) {
      if (consumption != null) {
        throw new BadRequest("start: is not allowed again; the first request only");
      }
      open(request.getStart());
      return;
    }
    if (consumption == null) {
      throw new BadRequest("start: is missing; the first request has it");
    }
    switch (request.getRequestCase()) {
      case ACK -> consumption.requests().ack(request.getAck());
      case NACK -> consumption.requests().nack(request.getNack());
      case RELEASE -> consumption.requests().release(request.getRelease().getPartitionsList());
      default -> throw new BadRequest("request: is empty; one of ack, nack and release");
    }
  }

  private void open(ConsumeStart start) {
    context.requireServing();
    terms = ConsumeTerms.of(start, context.consume().options());
    requireAllowed();
    var allowance = ConnectionQuotas.of(call.getAttributes(), principal);
    allowance.openSession();
    quota = allowance;
    consumption = new Consumption(context.consume(), terms, loop, this, allowance);
    consumption.open();
    call.sendHeaders(new Metadata());
    context.onOpened(this);
  }

  @Override
  void requireAllowed() {
    var access = context.access();
    access.require(Operation.CONSUME, principal, terms.topic(), terms.group());
    access.require(Operation.ACK, principal, terms.topic(), terms.group());
    if (!terms.deadLetterTopic().isEmpty()) {
      access.require(Operation.PUBLISH, principal, terms.deadLetterTopic());
    }
  }

  @Override
  public Principal principal() {
    return principal;
  }

  @Override
  public boolean isReady() {
    return !isDone() && call.isReady();
  }

  @Override
  public void send(EncodedReply reply) {
    if (!isDone()) {
      call.sendMessage(reply);
    }
  }

  @Override
  public void onReady() {
    if (consumption != null && !isDone()) {
      consumption.onReady();
    }
  }

  /** The graceful end: all that is acked is stored and the group is left. */
  @Override
  public void onHalfClose() {
    if (isDone() || isClosing) {
      return;
    }
    if (consumption == null) {
      end(NO_START);
      return;
    }
    isClosing = true;
    var unused =
        consumption
            .close()
            .whenComplete(
                (none, failure) -> end(failure == null ? Status.OK : Statuses.of(failure)));
  }

  @Override
  public void fail(Throwable failure) {
    if (!isDone()) {
      end(Statuses.of(failure));
    }
  }

  /** Any thread: the client may still ack what it has, for a short time. */
  @Override
  void drain() {
    loop.execute(
        () -> {
          if (consumption == null) {
            end(Drain.DRAINING);
          } else if (!isDone() && !isClosing) {
            consumption.drain();
          }
        });
  }

  @Override
  public void onDrained() {
    end(Drain.DRAINING);
  }

  @Override
  boolean isReceive() {
    return false;
  }

  @Override
  void release() {
    if (quota != null) {
      quota.closeSession();
    }
    if (consumption != null) {
      var unused = consumption.close();
    }
  }
}
