package io.liiklus.server.ops;

import static io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponseStatus.BAD_REQUEST;
import static io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponseStatus.METHOD_NOT_ALLOWED;
import static io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE;
import static io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponseStatus.REQUEST_URI_TOO_LONG;

import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.SimpleChannelInboundHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.ChannelInputShutdownEvent;
import io.grpc.netty.shaded.io.netty.channel.socket.DuplexChannel;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpChunkedInput;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpMethod;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpObject;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpRequest;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpUtil;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpVersion;
import io.grpc.netty.shaded.io.netty.handler.codec.http.LastHttpContent;
import io.grpc.netty.shaded.io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.grpc.netty.shaded.io.netty.handler.codec.http.TooLongHttpLineException;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslHandler;
import io.grpc.netty.shaded.io.netty.handler.stream.ChunkedStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of the HTTP port: one request at a time, and a deadline for whatever it waits for.
 * Confined to the event loop of the HTTP port.
 *
 * <p>The next request is read when the last answer was sent. A request with a body, or one that is
 * no HTTP, is the connection's last: its answer is sent, then the output is closed, and further
 * input is dropped for a while, since a client whose connection is closed while it sends may lose
 * the answer.
 */
final class OpsConnection extends SimpleChannelInboundHandler<HttpObject> {

  private static final Logger log = LoggerFactory.getLogger(OpsConnection.class);

  /** Time that a client has to hang up after its last answer. */
  private static final Duration LINGER = Duration.ofSeconds(1);

  /** Bytes of an answer that are put into the transport at once. */
  private static final int CHUNK_BYTES = 64 * 1024;

  private enum Phase {
    /** Between two requests. */
    IDLE,
    /** Some of a request came, or nothing yet on a new connection. */
    READING,
    /** The answer is being made, or sent. */
    ANSWERING,
    /** The last answer was sent. */
    LINGERING
  }

  private final OpsServer.Options options;
  private final OpsConnections connections;
  private final Pages pages;

  private ChannelHandlerContext context;
  private Phase phase = Phase.READING;
  private boolean isInputClosed;
  private Future<?> deadline;
  private Answer sending;

  OpsConnection(OpsServer.Options options, OpsConnections connections, Pages pages) {
    this.options = options;
    this.connections = connections;
    this.pages = pages;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    connections.opened(this);
    endAfter(options.request());
    ctx.read();
  }

  /**
   * Notes that bytes came, before they are decoded.
   *
   * @return whether they are wanted
   */
  boolean onBytes() {
    if (phase == Phase.IDLE) {
      phase = Phase.READING;
      endAfter(options.request());
    } else if (phase == Phase.LINGERING) {
      context.read();
    }
    return phase != Phase.LINGERING;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
    if (phase == Phase.LINGERING) {
      ctx.read();
      return;
    }
    if (message.decoderResult().isFailure()) {
      refuse(message.decoderResult().cause());
    } else if (message instanceof HttpRequest request) {
      answer(request);
    } else {
      // The empty end of a request without a body.
      readOn();
    }
  }

  /** Reads on where the bytes were not a whole message. */
  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (phase != Phase.ANSWERING) {
      ctx.read();
    }
  }

  private void refuse(Throwable cause) {
    log.debug("an HTTP request was refused, reason={}", String.valueOf(cause));
    var status = BAD_REQUEST;
    if (cause instanceof TooLongHttpLineException) {
      status = REQUEST_URI_TOO_LONG;
    } else if (cause instanceof TooLongHttpHeaderException) {
      status = REQUEST_HEADER_FIELDS_TOO_LARGE;
    }
    beginAnswer();
    send(Answer.text(status, status.reasonPhrase().toLowerCase(Locale.ROOT)), null);
  }

  private void answer(HttpRequest request) {
    beginAnswer();
    var method = request.method();
    if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
      send(Answer.text(METHOD_NOT_ALLOWED, "GET and HEAD are allowed"), request);
      return;
    }
    // Always a task of its own: the answers of pipelined requests would nest in each other.
    var unused =
        pages.answer(request).thenAcceptAsync(answer -> send(answer, request), context.executor());
  }

  private void beginAnswer() {
    phase = Phase.ANSWERING;
    connections.serves(this);
    endAfter(options.answer());
  }

  /**
   * @param request null: it cannot be read, nor can later ones
   */
  private void send(Answer answer, HttpRequest request) {
    if (!context.channel().isActive()) {
      return;
    }
    connections.waitsForClient(this);
    boolean isKept = request != null && HttpUtil.isKeepAlive(request) && !hasBody(request);
    var version = request == null ? HttpVersion.HTTP_1_1 : request.protocolVersion();
    var unused = context.write(answer.head(version, isKept));
    boolean isHead = request != null && request.method().equals(HttpMethod.HEAD);
    if (!isHead && answer.bytes() > CHUNK_BYTES) {
      sending = answer;
      connections.sends(this, answer);
    }
    var body =
        isHead
            ? LastHttpContent.EMPTY_LAST_CONTENT
            : new HttpChunkedInput(new ChunkedStream(answer.open(), CHUNK_BYTES));
    unused = context.writeAndFlush(body).addListener(sent -> onSent(sent.isSuccess(), isKept));
  }

  private static boolean hasBody(HttpRequest request) {
    return HttpUtil.isTransferEncodingChunked(request)
        || HttpUtil.getContentLength(request, 0L) > 0;
  }

  private void onSent(boolean isSent, boolean isKept) {
    release();
    if (!isSent) {
      close();
    } else if (isKept) {
      phase = Phase.IDLE;
      connections.waitsForClient(this);
      endAfter(options.idle());
      readOn();
    } else {
      linger();
    }
  }

  /** Reads on; requests that were decoded already come before this returns. */
  private void readOn() {
    context.read();
    if (isInputClosed && phase == Phase.IDLE) {
      close();
    }
  }

  private void linger() {
    phase = Phase.LINGERING;
    if (isInputClosed) {
      close();
      return;
    }
    endAfter(LINGER);
    var channel = (DuplexChannel) context.channel();
    var tls = context.pipeline().get(SslHandler.class);
    if (tls == null) {
      var unused = channel.shutdownOutput();
    } else {
      // Its end is said within TLS first, or the answer would count as cut off.
      var unused =
          tls.closeOutbound()
              .addListener(
                  said -> {
                    var unusedToo = channel.shutdownOutput();
                  });
    }
    context.read();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      isInputClosed = true;
      if (phase != Phase.ANSWERING) {
        close();
      }
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
    log.debug("an HTTP connection failed, reason={}", failure.toString());
    close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    close();
  }

  private void endAfter(Duration time) {
    if (deadline != null) {
      deadline.cancel(false);
    }
    deadline = context.executor().schedule(this::close, time.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void release() {
    if (sending != null) {
      connections.sent(this, sending);
      sending = null;
    }
  }

  /** Closes the connection, whatever it waits for. */
  void close() {
    if (deadline != null) {
      deadline.cancel(false);
    }
    release();
    connections.closed(this);
    var unused = context.close();
  }
}
