package dev.carillon.server.transport;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.channel.SocketIds;
import dev.carillon.protocol.event.ClientEventDecoder;
import dev.carillon.protocol.event.ServerEvent;
import dev.carillon.protocol.http.XhrSend;
import dev.carillon.server.api.ApiResponse;
import dev.carillon.server.channel.Hub;
import dev.carillon.server.connection.HttpConnection;
import dev.carillon.server.session.Sessions;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpUtil;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The HTTP fallbacks of pusher-js, for clients that cannot have a WebSocket: below {@code
 * /pusher/app/<key>/<server>/<session>}, {@code xhr_streaming} and {@code xhr} receive, {@code
 * xhr_send} sends. Requests of one session may come on any event loop; the session lives on that of
 * the first. Why: docs/adr/0011.
 *
 * <p>Thread-safe.
 */
final class HttpFallbacks {
  /** What all paths of it begin with: the path that pusher-js has by itself. */
  static final String PREFIX = "/pusher/";

  private static final Pattern PATH =
      Pattern.compile(
          "/pusher/app/([^/]*)/([0-9]{1,3})/([A-Za-z0-9_-]{8,64})/(xhr|xhr_streaming|xhr_send)");

  private final XhrSessions sessions = new XhrSessions();
  private final ClientEventDecoder decoder = new ClientEventDecoder();
  private final Admission admission;
  private final Sessions opener;
  private final SocketIds socketIds;

  HttpFallbacks(Admission admission, Sessions opener, SocketIds socketIds) {
    this.admission = admission;
    this.opener = opener;
    this.socketIds = socketIds;
  }

  /** A request to receive by. */
  private record Opening(
      XhrSessions.Id id,
      XhrAnswer answer,
      LoopWatch watch,
      Client client,
      HttpHeaders headers,
      Map<String, List<String>> query) {}

  /**
   * Answers a request.
   *
   * @param path still percent-encoded, without the configured prefix
   * @param query the decoded parameters
   */
  void answer(
      ChannelHandlerContext context,
      AnswerQueue answers,
      LoopWatch watch,
      FullHttpRequest request,
      Client client,
      String path,
      Map<String, List<String>> query) {
    Matcher parts = PATH.matcher(path);
    if (!parts.matches()) {
      text(answers, request, ApiResponse.text(404, "Not found: " + path));
    } else if (HttpMethod.OPTIONS.equals(request.method())) {
      answers.add(
          CompletableFuture.completedStage(ApiResponse.noContent()),
          HttpUtil.isKeepAlive(request),
          false,
          Cors.preflight(request));
    } else if (!HttpMethod.POST.equals(request.method())) {
      text(answers, request, ApiResponse.notAllowed("POST, OPTIONS"));
    } else if (parts.group(4).equals("xhr_send")) {
      text(answers, request, send(id(request, parts), request));
    } else {
      boolean streams = parts.group(4).equals("xhr_streaming");
      XhrAnswer answer = new XhrAnswer(context, answers, watch, request, streams);
      answers.add(answer);
      receive(new Opening(id(request, parts), answer, watch, client, request.headers(), query));
    }
  }

  private static XhrSessions.Id id(FullHttpRequest request, Matcher parts) {
    String origin = request.headers().get(HttpHeaderNames.ORIGIN, "");
    return new XhrSessions.Id(parts.group(1), parts.group(2), parts.group(3), origin);
  }

  private static void text(AnswerQueue answers, FullHttpRequest request, ApiResponse response) {
    text(answers, request, CompletableFuture.completedStage(response));
  }

  private static void text(
      AnswerQueue answers, FullHttpRequest request, CompletionStage<ApiResponse> response) {
    boolean head = HttpMethod.HEAD.equals(request.method());
    answers.add(response, HttpUtil.isKeepAlive(request), head, Cors.headers(request));
  }

  private void receive(Opening opening) {
    if (opening.answer.over()) {
      return;
    }
    XhrSession open = sessions.find(opening.id);
    if (open != null) {
      join(opening, open);
      return;
    }
    Admission.Outcome outcome =
        admission.admit(
            opening.watch, opening.client, opening.headers, opening.id.key(), opening.query);
    if (outcome instanceof Admission.Asked asked) {
      admission.await(asked, opening.watch, told -> settle(opening, told));
    } else {
      settle(opening, outcome);
    }
  }

  private void settle(Opening opening, Admission.Outcome outcome) {
    if (outcome instanceof Admission.Admitted admitted) {
      if (opening.answer.over()) {
        admitted.hub().withdraw(); // gone while it waited
      } else {
        open(opening, admitted.hub());
      }
    } else if (outcome instanceof Admission.Refused refused) {
      byte[] error = new ServerEvent.Failure(refused.code(), refused.message()).toBytes();
      opening.answer.send(
          HttpConnection.refusal(error, refused.code().code(), refused.message()), true);
    }
  }

  private void open(Opening opening, Hub hub) {
    XhrSession session =
        new XhrSession(
            opening.id,
            sessions,
            opener,
            socketIds.next(),
            hub,
            decoder,
            opening.watch,
            opening.client,
            opening.answer.streams());
    XhrSession other = sessions.add(opening.id, session);
    if (other != null) {
      session.discard();
      join(opening, other);
      return;
    }
    session.start();
    join(opening, session);
  }

  private void join(Opening opening, XhrSession session) {
    opening.answer.of(session);
    boolean handed =
        session.execute(
            () -> {
              if (!session.receiveBy(opening.answer)) {
                opening.watch.executeLater(() -> receive(opening));
              }
            });
    if (!handed) {
      opening.answer.end();
    }
  }

  private CompletionStage<ApiResponse> send(XhrSessions.Id id, FullHttpRequest request) {
    XhrSession session = sessions.find(id);
    if (session == null) {
      return CompletableFuture.completedStage(unknown());
    }
    List<byte[]> messages;
    try {
      messages =
          XhrSend.read(ByteBufUtil.getBytes(request.content()), session.app().maxMessageBytes());
    } catch (ProtocolException mistake) {
      int status = mistake.kind() == ProtocolException.Kind.TOO_LARGE ? 413 : 400;
      return CompletableFuture.completedStage(ApiResponse.text(status, mistake.text()));
    }
    CompletableFuture<ApiResponse> response = new CompletableFuture<>();
    boolean handed =
        session.execute(
            () ->
                response.complete(session.receive(messages) ? ApiResponse.noContent() : unknown()));
    return handed ? response : CompletableFuture.completedStage(unknown());
  }

  private static ApiResponse unknown() {
    return ApiResponse.text(404, "Not found: no such session, or it has ended");
  }
}
