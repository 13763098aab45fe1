// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.edge;

import dev.frontdesk.connector.WebhookAnswer;
import dev.frontdesk.connector.WebhookRequest;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.conversation.Workspaces;
import dev.frontdesk.gateway.problem.GatewayException;
import dev.frontdesk.gateway.problem.Problem;
import dev.frontdesk.gateway.problem.ProblemException;
import dev.frontdesk.gateway.telemetry.GatewayMetrics;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code /webhooks/{workspace}/{channel}} and everything below it: takes a platform's call as it
 * came, hands it to the intake and tells the platform how that ended. Nothing is parsed here, and
 * no body is ever logged. Thread-safe.
 */
final class WebhookHandler {

  /** What every webhook's path begins with. */
  static final String ROOT = "/webhooks/";

  private final Workspaces workspaces;
  private final WebhookSink sink;
  private final WaitingClients inFlight;
  private final BodyReader bodies;
  private final Responses responses;
  private final GatewayMetrics metrics;
  private final Supplier<String> publicUrl;
  private volatile boolean draining;

  /** {@code publicUrl}: address platforms reach this gateway by, without a slash at the end. */
  WebhookHandler(
      Workspaces workspaces,
      WebhookSink sink,
      WaitingClients inFlight,
      BodyReader bodies,
      Responses responses,
      GatewayMetrics metrics,
      Supplier<String> publicUrl) {
    this.workspaces = workspaces;
    this.sink = sink;
    this.inFlight = inFlight;
    this.bodies = bodies;
    this.responses = responses;
    this.metrics = metrics;
    this.publicUrl = publicUrl;
  }

  /** Calls that begin from now on are refused; those whose head has come are answered. */
  void drain() {
    draining = true;
  }

  boolean isDraining() {
    return draining;
  }

  void handle(HttpServerRequest request) {
    Future<WebhookAnswer> answer;
    try {
      answer = accept(request, Target.of(request.path(), workspaces));
    } catch (RuntimeException refused) {
      answer = Future.failedFuture(refused);
    }
    answer
        .onSuccess(
            told ->
                responses.send(
                    request, told.status(), told.contentType(), Buffer.buffer(told.body())))
        .onFailure(failure -> responses.problem(request, ErrorMapper.problem(failure)));
  }

  private Future<WebhookAnswer> accept(HttpServerRequest request, @Nullable Target target) {
    if (target == null) {
      throw Call.notFound();
    }
    if (draining) {
      throw new GatewayException(
          GatewayException.Kind.UNAVAILABLE, "draining", "this node stops; repeat later");
    }
    HttpMethod method = request.method();
    if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.POST)) {
      request.response().putHeader("allow", "GET, POST");
      throw new ProblemException(Problem.of(405, "method-not-allowed", "expected GET or POST"));
    }
    return bodies.read(request).compose(body -> stored(target, raw(request, target, body)));
  }

  /** Counted only now: a slow sender must not take the place of one that is done. */
  private Future<WebhookAnswer> stored(Target target, WebhookRequest request) {
    String workspace = target.workspace().id();
    try {
      inFlight.enter(workspace);
    } catch (GatewayException overloaded) {
      metrics.intake(workspace, target.channel(), "refused");
      throw overloaded;
    }
    return Future.succeededFuture(request)
        .compose(raw -> sink.accept(target.workspace(), target.channel(), raw))
        .onComplete(done -> inFlight.leave(workspace));
  }

  private WebhookRequest raw(HttpServerRequest request, Target target, Buffer body) {
    String query = request.query();
    String url = publicUrl.get() + request.path() + (query == null ? "" : "?" + query);
    return new WebhookRequest(
        request.method().name(),
        target.rest(),
        url,
        lists(request.params(true), false),
        lists(request.headers(), true),
        body);
  }

  private static Map<String, List<String>> lists(MultiMap entries, boolean lowerCase) {
    Map<String, List<String>> lists = new HashMap<>();
    entries.forEach(
        (name, value) ->
            lists
                .computeIfAbsent(
                    lowerCase ? name.toLowerCase(Locale.ROOT) : name, n -> new ArrayList<>(1))
                .add(value));
    return lists;
  }

  /** The channel a path names, and what follows it. */
  private record Target(Workspace workspace, String channel, String rest) {
    static @Nullable Target of(@Nullable String path, Workspaces workspaces) {
      if (path == null || !path.startsWith(ROOT)) {
        return null;
      }
      int slash = path.indexOf('/', ROOT.length());
      int end = slash < 0 ? -1 : path.indexOf('/', slash + 1);
      if (slash < 0) {
        return null;
      }
      Workspace workspace = workspaces.find(path.substring(ROOT.length(), slash));
      String channel = end < 0 ? path.substring(slash + 1) : path.substring(slash + 1, end);
      return workspace == null || !workspace.terms().channels().containsKey(channel)
          ? null
          : new Target(workspace, channel, end < 0 ? "" : path.substring(end));
    }
  }
}
