package io.liiklus.cli;

import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** Failure that ends a run with exit code 1, in one line for people. Immutable. */
public final class CliException extends RuntimeException {

  private static final Pattern SYSTEM_CALL = Pattern.compile("^\\w+\\(\\.\\.\\) failed[^:]*: ");

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

  /** Whether there is something that is no gateway, or no way to it, and waiting does not help. */
  static boolean isLasting(Status status) {
    var root = root(status.getCause());
    return root instanceof UnknownHostException
        || root instanceof Http2Exception
        || root instanceof SSLException
        || root instanceof GeneralSecurityException;
  }

  /**
   * Netty repeats the address: "Connection refused: localhost/127.0.0.1:6565". Its native sockets
   * begin with the system call: "finishConnect(..) failed with error(-111): ".
   */
  private static String reason(Throwable refused) {
    var message = refused.getMessage() == null ? "refused" : firstLine(refused.getMessage());
    var text = SYSTEM_CALL.matcher(message).replaceFirst("");
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
