package io.liiklus.server.grpc.quota;

import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerTransportFilter;
import io.liiklus.server.grpc.auth.CallIdentity;
import io.liiklus.server.grpc.codec.status.NotStored;
import io.liiklus.server.grpc.codec.status.Statuses;
import io.liiklus.server.quota.QuotaException;
import io.liiklus.server.quota.Quotas;

/**
 * Counts connections by the principals that call on them, and refuses calls on one too many. Behind
 * the check of credentials. Thread-safe.
 */
public final class QuotaInterceptor extends ServerTransportFilter implements ServerInterceptor {

  private final Quotas quotas;

  public QuotaInterceptor(Quotas quotas) {
    this.quotas = quotas;
  }

  @Override
  public Attributes transportReady(Attributes attributes) {
    return quotas.isEmpty()
        ? attributes
        : attributes.toBuilder().set(ConnectionQuotas.KEY, new ConnectionQuotas(quotas)).build();
  }

  @Override
  public void transportTerminated(Attributes attributes) {
    // Null where the connection ended before it was ready.
    if (attributes != null && attributes.get(ConnectionQuotas.KEY) != null) {
      attributes.get(ConnectionQuotas.KEY).close();
    }
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    var connection = call.getAttributes().get(ConnectionQuotas.KEY);
    var method = call.getMethodDescriptor();
    if (connection != null && LiiklusServiceGrpc.SERVICE_NAME.equals(method.getServiceName())) {
      try {
        connection.enter(CallIdentity.current().principal());
      } catch (QuotaException tooMany) {
        call.close(Statuses.of(tooMany), NotStored.trailers(method));
        return new ServerCall.Listener<>() {};
      }
    }
    return next.startCall(call, headers);
  }
}
