package io.liiklus.cli;

import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import java.net.ConnectException;
import java.net.UnknownHostException;

/** Failure that ends a run with exit code 1, in one line for people. Immutable. */
public final class CliException extends RuntimeException {

  /**
   * @param line for people; they see nothing else
   */
  public CliException(String line) {
    super(line, null, false, false);
  }

  /** A call's failure: the code, then the gateway's text, or that there is no gateway. */
  static CliException of(Throwable failure, GatewayAddresses address) {
    return new CliException(describe(CallEnd.of(failure), address));
  }

  static String describe(Status status, GatewayAddresses address) {
    var root = root(status.getCause());
    if (root instanceof UnknownHostException) {
      return status.getCode() + ": cannot resolve host " + address.hosts();
    }
    if (root instanceof ConnectException) {
      return status.getCode() + ": no gateway at " + address + ": " + reason(root);
    }
    if (root instanceof Http2Exception) {
      return status.getCode() + ": what answers at " + address + " is no gRPC server";
    }
    var text = status.getDescription() == null ? "" : firstLine(status.getDescription());
    if (status.getCode() == Status.Code.UNAVAILABLE && status.getCause() != null) {
      // The transport's own failure, and no answer of the gateway.
      var reason = root.getMessage() == null ? text : firstLine(root.getMessage());
      return status.getCode() + ": no connection to " + address + ": " + reason;
    }
    return text.isEmpty() ? status.getCode().toString() : status.getCode() + ": " + text;
  }

  /** Netty repeats the address: "Connection refused: localhost/127.0.0.1:6565". */
  private static String reason(Throwable refused) {
    var text = refused.getMessage() == null ? "refused" : firstLine(refused.getMessage());
    int address = text.indexOf(": ");
    return address < 0 ? text : text.substring(0, address);
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("").strip();
  }

  private static Throwable root(Throwable failure) {
    var root = failure;
    while (root != null && root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
